import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { alerts, forwards, integrations } from "#/db/schema/index.ts";
import { createIncident } from "#/server/incidents/index.ts";
import { fakeOutside } from "#/server/testing/fake-outside.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import { changeIntegration, createIntegration } from "./change-integration.ts";
import { FETCH_DETAILS_JOB, fetchDetails, registerDetailJobs } from "./fetch-details.ts";
import {
  FORWARD_ATTEMPTS_MAX,
  FORWARD_JOB,
  forwardDelivery,
  forwardPauseMs,
  registerForwarding,
} from "./forward-delivery.ts";
import { getIntake } from "./intake-queries.ts";
import { attachTo } from "./place-alert.ts";
import { receiveDelivery } from "./receive-delivery.ts";

let t: TestCore;
let ada: Awaited<ReturnType<TestCore["person"]>>;
let world: Awaited<ReturnType<typeof fakeOutside>>;
beforeAll(async () => {
  t = await testCore();
  world = await fakeOutside();
  ada = await t.person("Ada", "owner");
  registerDetailJobs(t.core, world.outside);
});
afterAll(async () => {
  world.close();
  await t.close();
});
beforeEach(async () => {
  t.jobs.length = 0;
  world.calls.length = 0;
  world.script.answer = () => ({});
  await t.core.db.read.delete(integrations);
});

async function integration(change: { forwardUrl?: string; sourceToken?: string }) {
  const made = await createIntegration(t.ctx(ada), { name: "old road", source: "generic-json" });
  await changeIntegration(t.ctx(ada), made.id, change);
  const [row] = await t.core.db.read.select().from(integrations).where(eq(integrations.id, made.id));
  if (!row) throw new Error("an integration that was just made is gone");
  return row;
}
const raw = '{"title":"Disk full", "dedupKey":"d1","n":1.0}';
async function receive(forwardUrl: string | undefined, headers: Record<string, string> = {}) {
  const row = await integration(forwardUrl ? { forwardUrl } : {});
  return receiveDelivery(t.core, {
    integration: row,
    body: new TextEncoder().encode(raw),
    query: "x=1",
    headers: new Headers({ "content-type": "application/json", ...headers }),
    method: "POST",
  });
}
async function runForwards(): Promise<void> {
  for (;;) {
    const at = t.jobs.findIndex(
      (job) => job.name === FORWARD_JOB && (!job.options.startAt || job.options.startAt <= t.clock.at),
    );
    const [job] = at < 0 ? [] : t.jobs.splice(at, 1);
    if (!job) return;
    await forwardDelivery(t.core, world.outside, String(job.data.intakeId));
  }
}
const wait = (ms: number) => {
  t.clock.at = new Date(t.clock.at.getTime() + ms);
};
const forwardOf = async (id: string) => (await getIntake(t.core.db.read, t.ctx(ada), id)).forward;

describe("a delivery that is passed on", () => {
  it("arrives at the old pager byte for byte, with its signature, and nothing of the key here", async () => {
    const { delivery } = await receive(`${world.url}/old?k=1`, {
      "x-hub-signature-256": "sha256=abc",
      authorization: "Bearer muster-key",
    });
    expect(world.calls).toEqual([]);
    expect(await forwardOf(delivery)).toMatchObject({ state: "queued", attempts: 0 });
    await runForwards();
    expect(world.calls).toHaveLength(1);
    expect(world.calls[0]).toMatchObject({
      method: "POST",
      path: "/old?k=1&x=1",
      headers: { "content-type": "application/json", "x-hub-signature-256": "sha256=abc" },
    });
    expect(world.calls[0]?.headers).not.toHaveProperty("authorization");
    expect(world.calls[0]?.body.toString()).toBe(raw);
    expect(await forwardOf(delivery)).toMatchObject({ state: "sent", attempts: 1, sentAt: t.clock.at.toISOString() });
    await forwardDelivery(t.core, world.outside, delivery);
    expect(world.calls).toHaveLength(1);
  });

  it("goes once, also when the sender repeats it", async () => {
    const row = await integration({ forwardUrl: world.url });
    const delivery = { integration: row, body: new TextEncoder().encode(raw), query: "", headers: new Headers() };
    const first = await receiveDelivery(t.core, delivery);
    expect(await receiveDelivery(t.core, delivery)).toEqual(first);
    await runForwards();
    expect(world.calls).toHaveLength(1);
  });

  it("is not there for an integration that does not pass on", async () => {
    const { delivery } = await receive(undefined);
    expect(await forwardOf(delivery)).toBeNull();
    expect(t.jobs.some((job) => job.name === FORWARD_JOB)).toBe(false);
  });

  it("is tried again after 5xx, a hang-up, and as late as a 429 asks; and given up at last, with the reason", async () => {
    let reply: ReturnType<typeof world.script.answer> = { status: 503 };
    world.script.answer = () => reply;
    const { delivery } = await receive(world.url);
    await runForwards();
    expect(await forwardOf(delivery)).toMatchObject({
      state: "retrying",
      attempts: 1,
      lastError: expect.stringContaining("503"),
    });
    reply = "hang up";
    wait(60_000);
    await runForwards();
    expect(await forwardOf(delivery)).toMatchObject({ state: "retrying", attempts: 2 });
    reply = { status: 429, headers: { "retry-after": "600" } };
    wait(60_000);
    await runForwards();
    wait(599_000);
    await runForwards();
    expect(await forwardOf(delivery)).toMatchObject({ attempts: 3 });
    reply = { status: 500 };
    for (let n = 3; n < FORWARD_ATTEMPTS_MAX + 2; n += 1) {
      wait(3_600_000);
      await runForwards();
    }
    expect(await forwardOf(delivery)).toMatchObject({ state: "failed", attempts: FORWARD_ATTEMPTS_MAX });
  });

  it("is given up at once when it is refused, or would go into a private network", async () => {
    world.script.answer = () => ({ status: 403 });
    const refused = await receive(world.url);
    await runForwards();
    expect(await forwardOf(refused.delivery)).toMatchObject({ state: "failed", attempts: 1 });
    const inside = { ...world.outside, resolve: async () => undefined };
    const { delivery } = await receive("http://10.0.0.1/old");
    await forwardDelivery(t.core, inside, delivery);
    expect(await forwardOf(delivery)).toMatchObject({
      state: "failed",
      lastError: expect.stringContaining("private network"),
    });
  });

  it("keeps its headers encrypted", async () => {
    const { delivery } = await receive(world.url, { "x-gitlab-token": "hush-hush" });
    const [row] = await t.core.db.read.select().from(forwards).where(eq(forwards.intakeId, delivery));
    expect(JSON.stringify(row)).not.toContain("hush-hush");
  });

  it("is taken up again after a crash in the middle, and after a restore", async () => {
    const { delivery } = await receive(world.url);
    await t.core.db.read.update(forwards).set({ state: "sending", attempts: 1, nextAttemptAt: t.clock.at });
    t.jobs.length = 0;
    await registerForwarding(t.core, world.outside).recover();
    await runForwards();
    expect(world.calls).toHaveLength(1);
    expect(await forwardOf(delivery)).toMatchObject({ state: "sent", attempts: 2 });
  });

  it("pauses longer and longer, at most five minutes unless asked for more, never over an hour", () => {
    expect(forwardPauseMs(1, 1)).toBe(1_000);
    expect(forwardPauseMs(3, 1)).toBe(4_000);
    expect(forwardPauseMs(30, 1)).toBe(300_000);
    expect(forwardPauseMs(30, 0)).toBe(150_000);
    expect(forwardPauseMs(1, 0, 600_000)).toBe(600_000);
    expect(forwardPauseMs(1, 0, 86_400_000)).toBe(3_600_000);
  });
});

describe("an alert's details", () => {
  async function attached(source: string, url: string) {
    const row = await integration({ sourceToken: "api-token" });
    const incident = await createIncident(t.ctx(ada), { title: "Disk" });
    const now = t.clock.at;
    const [alert] = await t.core.db.read
      .insert(alerts)
      .values({
        integrationId: row.id,
        source,
        dedupKey: "x",
        title: "Disk",
        status: "firing",
        severity: "error",
        firstAt: now,
        lastAt: now,
        startsAt: now,
        links: [{ kind: "alert", title: "", url }],
        explanation: { rule: "new", text: "", at: "" },
      })
      .returning();
    if (!alert) throw new Error("an inserted alert was not returned");
    await t.core.db.transaction((tx) => attachTo(tx, t.ctx(ada), alert, incident, { rule: "test", text: "A test." }));
    return alert.id;
  }
  const detailsOf = async (id: string) =>
    (await t.core.db.read.select().from(alerts).where(eq(alerts.id, id)))[0]?.details;
  const jobs = () => t.jobs.filter((job) => job.name === FETCH_DETAILS_JOB);

  it("are fetched from PagerDuty with the token, and kept with the alert", async () => {
    const incident = { incident: { title: "Disk", html_url: "https://acme.pagerduty.com/incidents/PFQZPSY" } };
    world.script.answer = (call) => ({
      status: 200,
      body: call.path.includes("alerts") ? { alerts: [{ summary: "db1" }] } : incident,
    });
    const id = await attached("pagerduty-webhooks-v3", "https://acme.pagerduty.com/incidents/PFQZPSY");
    expect(jobs().map((job) => job.data)).toEqual([{ alertId: id }]);
    await fetchDetails(t.core, world.outside, id, { isLastTry: false });
    expect(world.calls.map((call) => [call.path, call.headers.authorization])).toEqual([
      ["/pd-api/incidents/PFQZPSY", "Token token=api-token"],
      ["/pd-api/incidents/PFQZPSY/alerts?limit=5", "Token token=api-token"],
    ]);
    expect(await detailsOf(id)).toMatchObject({ state: "fetched", text: "Disk\ndb1" });
    await fetchDetails(t.core, world.outside, id, { isLastTry: false });
    expect(world.calls).toHaveLength(2);
  });

  it("are fetched from Sentry, never from where the payload points", async () => {
    world.script.answer = () => ({ status: 200, body: { title: "Boom" } });
    const id = await attached("sentry-integration-platform", "https://evil.example.com/issues/42/");
    await fetchDetails(t.core, world.outside, id, { isLastTry: false });
    expect(world.calls).toHaveLength(1);
    expect(world.calls[0]).toMatchObject({
      path: "/sentry/api/0/issues/42/events/latest/",
      headers: { authorization: "Bearer api-token" },
    });
    expect(await detailsOf(id)).toMatchObject({ state: "fetched", text: "Boom" });
  });

  it("are tried again while the sender is away, and then say why they are missing", async () => {
    world.script.answer = () => ({ status: 500 });
    const id = await attached("sentry-legacy-plugin", "https://sentry.io/issues/42/");
    await expect(fetchDetails(t.core, world.outside, id, { isLastTry: false })).rejects.toThrow("HTTP 500");
    expect(await detailsOf(id)).toBeNull();
    await fetchDetails(t.core, world.outside, id, { isLastTry: true });
    expect(await detailsOf(id)).toMatchObject({ state: "failed", text: expect.stringContaining("HTTP 500") });
  });

  it("of a refused token say so at once; of other sources nothing is asked", async () => {
    world.script.answer = () => ({ status: 401 });
    const id = await attached("sentry-legacy-plugin", "https://sentry.io/issues/42/");
    await fetchDetails(t.core, world.outside, id, { isLastTry: false });
    expect(await detailsOf(id)).toMatchObject({ state: "failed", text: expect.stringContaining("HTTP 401") });
    t.jobs.length = 0;
    await attached("generic-json", "https://sentry.io/issues/42/");
    expect(jobs()).toEqual([]);
  });
});
