import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Sql } from "#/db/client.ts";
import { deliveries, incidentMembers, incidents, services, settings, tellings, users } from "#/db/schema/index.ts";
import { DEFAULT_ROUTE_ID } from "#/server/alerts/routing/route.ts";
import {
  acceptIncident,
  createIncident,
  createIncidentInTransaction,
  declineIncident,
  mergeIncident,
  resolveIncident,
  unmergeIncident,
} from "#/server/incidents/index.ts";
import { sealTellList, webhookSecret } from "#/server/notify/index.ts";
import { hmacSha256 } from "#/server/platform/crypto.ts";
import { claimRole } from "#/server/roster/index.ts";
import { changeService, readService } from "#/server/services/index.ts";
import { changeSettings } from "#/server/settings/index.ts";
import { type TestTriage, testTriage } from "#/server/testing/test-triage.ts";
import { readTold, retryTold } from "./told-queries.ts";

const pdKey = "R0UT1NGKEY0123456789ABCDEFGHIJKL";
const genieKey = "a1b2c3d4-e5f6-7890-abcd-ef1234567890";
let test: TestTriage;
let ada: Awaited<ReturnType<TestTriage["person"]>>;

beforeAll(async () => {
  test = await testTriage({ slack: { botToken: "xoxb-1", channel: "C1", signingSecret: "s3cret" } });
  Object.assign(test.core.config.slack ?? {}, { apiUrl: test.slack.apiUrl });
  ada = await test.person("Ada", "owner");
});
afterAll(() => test.close());
beforeEach(async () => {
  await test.reset();
  const q = test.core.db.read;
  await q.insert(settings).values({ name: "tellEmails", value: ["ops@example.com", "Team@example.com"] });
  await q.insert(services).values({ name: "checkout", tellEmails: ["team@example.com", "pay@example.com"] });
});

const triage = (extra = {}) =>
  createIncident(test.ctx(ada), { title: "HighErrorRate", status: "triage", services: ["checkout"], ...extra });
const toldOf = async (incidentId: string) =>
  (await test.entriesOf(incidentId, "people.told")).map((entry) => entry.data as Record<string, unknown>);
const tell = (lines: string[]) => changeSettings(test.ctx(ada), { tell: lines });
const minutes = (count: number) => test.wait(count * 60_000);

describe("a new triage incident", () => {
  it("is told to Slack and to each address once", async () => {
    const incident = await triage();
    expect(await toldOf(incident.id)).toEqual([
      { slack: true, emails: 3, wave: 0, text: "Slack and 3 addresses by e-mail are being told" },
    ]);
    await test.runJobs();
    expect(test.slack.calls).toHaveLength(1);
    expect(test.slack.calls[0]?.args.text).toContain("Triage: HighErrorRate");
    expect(test.slack.calls[0]?.args.blocks).toContain(`http://localhost:3000/incidents/${incident.reference}`);
    expect(test.mail.mails.map((one) => one.to.toLowerCase()).sort()).toEqual([
      "ops@example.com",
      "pay@example.com",
      "team@example.com",
    ]);
    expect((await test.rows()).every((row) => row.kind === "triage" && row.state === "sent")).toBe(true);
  });

  it("says so when nobody can be told", async () => {
    const { slack, smtpUrl, mailFrom } = test.core.config;
    Object.assign(test.core.config, { slack: undefined, smtpUrl: undefined, mailFrom: undefined });
    const incident = await triage();
    expect(await toldOf(incident.id)).toEqual([
      { slack: false, emails: 0, wave: 0, text: expect.stringContaining("Nobody was told") },
    ]);
    Object.assign(test.core.config, { slack, smtpUrl, mailFrom });
    expect(await test.rows()).toEqual([]);
  });

  it("that is a drill tells nobody, at no time", async () => {
    await tell(["https://hooks.example.com/x", `pagerduty:${pdKey}`]);
    const incident = await triage({ mode: "drill" });
    expect(await toldOf(incident.id)).toEqual([]);
    expect(await test.rows()).toEqual([]);
    expect(test.jobs).toEqual([]);
  });

  it("that is private is told to the accounts that may see it, and says nothing of what it is about", async () => {
    await tell(["ops@example.com", "ada@example.com", "vera@example.com", "#incidents", "https://hooks.example.com/x"]);
    await test.person("Vera", "responder");
    const incident = await triage({ visibility: "private" });
    await test.runJobs();
    expect(test.mail.mails.map((one) => one.to)).toEqual(["ada@example.com"]);
    expect(test.mail.mails[0]?.source).toContain(incident.reference);
    expect(test.mail.mails[0]?.source).not.toContain("HighErrorRate");
    expect(test.mail.mails[0]?.source).not.toContain("checkout");
    expect([...test.slack.calls, ...test.world.calls]).toEqual([]);
    await test.core.db.read.delete(users).where(eq(users.email, "vera@example.com"));
    await test.core.db.read.delete(incidentMembers);
  });

  it("a declared one is not told", async () => {
    const incident = await createIncident(test.ctx(ada), { title: "Declared" });
    expect(await toldOf(incident.id)).toEqual([]);
  });
});

describe("while nobody accepts", () => {
  it("people hear again at the interval, the fallback list after its time, one entry a wave", async () => {
    await changeSettings(test.ctx(ada), {
      telling: { repeatMinutes: 5, fallbackAfterMinutes: 10 },
      fallbackTell: ["boss@example.com"],
    });
    const incident = await triage();
    await test.runJobs();
    minutes(4);
    await test.runJobs();
    expect(test.mail.mails).toHaveLength(3);
    minutes(1);
    await test.runJobs();
    expect(test.mail.mails).toHaveLength(6);
    expect(test.slack.calls.at(-1)?.args.text).toContain("Nobody has accepted it for 5 min");
    minutes(5);
    await test.runJobs();
    const last = test.mail.mails.slice(6).map((one) => one.to);
    expect(last).toContain("boss@example.com");
    expect(test.mail.mails.find((one) => one.to === "boss@example.com")?.source).toContain("did not answer");
    expect((await toldOf(incident.id)).map((data) => data.text)).toEqual([
      "Slack and 3 addresses by e-mail are being told",
      "Nobody has accepted for 5 min: Slack and 3 addresses by e-mail are being told again",
      "Nobody has accepted for 10 min: Slack and 4 addresses by e-mail are being told again, the fallback list among them",
    ]);
    const ids = test.mail.mails.map((one) => /^Message-ID: (.*)$/im.exec(one.source)?.[1]);
    expect(new Set(ids).size).toBe(ids.length);
    expect(await readTold(test.core.db.read, test.ctx(ada), incident.id)).toMatchObject({
      wave: 2,
      nextAt: new Date(test.clock.at.getTime() + 10 * 60_000).toISOString(),
    });
  });

  it("a wave whose job comes twice goes out once", async () => {
    await triage();
    await test.runJobs();
    const planned = test.jobs.find((job) => job.name === "triage.tell");
    if (planned) test.jobs.push({ ...planned });
    minutes(5);
    await test.runJobs();
    expect(test.mail.mails).toHaveLength(6);
  });

  it.each(["accept", "decline"])("nobody hears again after somebody pressed %s", async (what) => {
    const incident = await triage();
    await test.runJobs();
    if (what === "accept") await acceptIncident(test.ctx(ada), { incident: incident.id });
    else await declineIncident(test.ctx(ada), { incident: incident.id, reason: "A test" });
    minutes(600);
    await test.runJobs();
    expect(test.mail.mails).toHaveLength(3);
    expect(await toldOf(incident.id)).toHaveLength(1);
    const [telling] = await test.core.db.read.select().from(tellings).where(eq(tellings.incidentId, incident.id));
    expect(telling).toMatchObject({ nextAt: null, endedAt: expect.any(Date) });
  });

  it("what is still on its way when somebody accepts is not sent any more", async () => {
    test.mail.script.refuse = () => 451;
    const incident = await triage();
    await test.runJobs();
    await acceptIncident(test.ctx(ada), { incident: incident.id });
    test.mail.script.refuse = () => undefined;
    minutes(10);
    await test.runJobs();
    expect(test.mail.mails).toEqual([]);
    const mails = (await test.rows()).filter((row) => row.channel === "email");
    expect(mails.every((row) => row.state === "cancelled")).toBe(true);
  });

  it("that a route declared is told without a decision to make, and again until somebody commands", async () => {
    const explanation = { rule: "open-declared", text: "No incident was open.", routeId: DEFAULT_ROUTE_ID };
    const declare = (tx: Sql) =>
      createIncidentInTransaction(tx, test.ctx(ada), { title: "Payments are down", severity: "SEV1", explanation });
    const incident = await test.core.db.transaction(declare);
    await test.runJobs();
    expect(test.slack.calls[0]?.args.text).toContain("Incident: Payments are down");
    expect(test.slack.calls[0]?.args.blocks).not.toContain("triage.accept");
    expect(test.mail.mails[0]?.source.replaceAll("=\r\n", "")).toContain("waits for somebody to take command");
    expect(test.mail.mails[0]?.source.replaceAll("=\r\n", "")).not.toContain("Decline");
    minutes(6);
    await test.runJobs();
    expect(await toldOf(incident.id)).toHaveLength(2);
    await claimRole(test.ctx(ada), { incident: incident.id, role: "commander" });
    await test.runJobs();
    expect(test.slack.calls.at(-1)?.args.blocks).toContain("*Commander*\\nAda");
    minutes(600);
    await test.runJobs();
    expect(await toldOf(incident.id)).toHaveLength(2);
  });

  it("that a person declared tells nobody", async () => {
    const incident = await createIncident(test.ctx(ada), { title: "By hand", severity: "SEV1" });
    expect(await toldOf(incident.id)).toEqual([]);
  });

  it("taken out of a merge it is told again, later", async () => {
    const target = await createIncident(test.ctx(ada), { title: "The other" });
    const incident = await triage();
    await test.runJobs();
    await mergeIncident(test.ctx(ada), { incident: incident.id, into: target.id });
    minutes(60);
    await test.runJobs();
    expect(test.mail.mails).toHaveLength(3);
    await unmergeIncident(test.ctx(ada), { incident: incident.id });
    minutes(5);
    await test.runJobs();
    expect(test.mail.mails).toHaveLength(6);
  });

  it("a restored database takes up the waves again", async () => {
    const { registerTelling } = await import("./tell-people.ts");
    await triage();
    await test.runJobs();
    test.jobs.length = 0;
    const handlers = { on: () => {}, run: async () => {} };
    await registerTelling({ ...test.core, handlers }).recover();
    minutes(5);
    await test.runJobs();
    expect(test.mail.mails).toHaveLength(6);
  });
});

describe("webhooks and pagers", () => {
  beforeEach(() =>
    tell([`${test.world.url}/muster?key=topsecret-hush`, `pagerduty:${pdKey}`, `opsgenie:${genieKey}@eu`]),
  );
  const callsTo = (path: string) => test.world.calls.filter((call) => call.path.startsWith(path));

  it("are told of the opening; the webhook is signed as Standard Webhooks", async () => {
    const incident = await triage({ severity: "SEV2" });
    await test.runJobs();
    const [hook] = callsTo("/muster");
    expect(hook).toMatchObject({ method: "POST", path: "/muster?key=topsecret-hush" });
    expect(hook?.json).toMatchObject({
      type: "incident.triaged",
      data: { incident: { id: incident.id, reference: incident.reference, severity: "SEV2", services: ["checkout"] } },
    });
    const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": signature } = hook?.headers ?? {};
    const secret = Buffer.from(webhookSecret(test.core.config.authSecret).slice("whsec_".length), "base64");
    expect(signature).toBe(`v1,${hmacSha256(secret, `${id}.${at}.${hook?.body.toString()}`).toString("base64")}`);
    expect(callsTo("/pd-events")[0]).toMatchObject({
      path: "/pd-events/v2/enqueue",
      json: {
        routing_key: pdKey,
        event_action: "trigger",
        dedup_key: `muster-${incident.id}`,
        payload: { summary: `${incident.reference} HighErrorRate`, severity: "error", source: "checkout" },
      },
    });
    expect(callsTo("/opsgenie-eu")[0]).toMatchObject({
      path: "/opsgenie-eu/v2/alerts",
      headers: { authorization: `GenieKey ${genieKey}` },
      json: { alias: `muster-${incident.id}`, priority: "P2" },
    });
  });

  it("their keys stand nowhere in clear", async () => {
    const incident = await triage();
    const stored = JSON.stringify([await test.rows(), await test.core.db.read.select().from(settings)]);
    for (const key of ["topsecret", pdKey, genieKey]) expect(stored).not.toContain(key);
    const told = await readTold(test.core.db.read, test.ctx(ada), incident.id);
    expect(told.deliveries.map((one) => one.destination).sort()).toContain("pagerduty:…IJKL");
  });

  it("pagers are told once, webhooks with each wave", async () => {
    await triage();
    await test.runJobs();
    minutes(5);
    await test.runJobs();
    expect(callsTo("/pd-events")).toHaveLength(1);
    expect(callsTo("/opsgenie")).toHaveLength(1);
    expect(callsTo("/muster").map((call) => (call.json as { type: string }).type)).toEqual([
      "incident.triaged",
      "incident.waiting",
    ]);
  });

  it.each([
    ["accept", "acknowledge", "acknowledge", "incident.accepted"],
    ["decline", "resolve", "close", "incident.declined"],
  ])("after %s they hear %s", async (what, pagerDuty, opsgenie, hook) => {
    const incident = await triage();
    await test.runJobs();
    test.world.calls.length = 0;
    if (what === "accept") await acceptIncident(test.ctx(ada), { incident: incident.id });
    else await declineIncident(test.ctx(ada), { incident: incident.id, reason: "A test" });
    await test.runJobs();
    expect(callsTo("/pd-events")[0]?.json).toMatchObject({
      event_action: pagerDuty,
      dedup_key: `muster-${incident.id}`,
    });
    expect(callsTo("/opsgenie-eu")[0]?.path).toContain(`muster-${incident.id}/${opsgenie}?identifierType=alias`);
    expect(callsTo("/muster")[0]?.json).toMatchObject({ type: hook, data: { by: "Ada" } });
  });

  it("are not opened after the end: what waited through an outage is not sent any more", async () => {
    const explanation = { rule: "open-declared", text: "No incident was open.", routeId: DEFAULT_ROUTE_ID };
    test.world.script.answer = () => ({ status: 503 });
    const incident = await test.core.db.transaction((tx) =>
      createIncidentInTransaction(tx, test.ctx(ada), { title: "Payments are down", severity: "SEV1", explanation }),
    );
    await test.runJobs();
    await resolveIncident(test.ctx(ada), { incident: incident.id, summary: "Over" });
    test.world.script.answer = () => ({});
    test.world.calls.length = 0;
    minutes(5);
    test.jobs.reverse();
    await test.runJobs();
    minutes(1);
    await test.runJobs();
    const acts = callsTo("/pd-events").map((call) => (call.json as { event_action: string }).event_action);
    expect(acts).toEqual(["resolve"]);
    expect(callsTo("/opsgenie-eu").map((call) => call.path)).toEqual([expect.stringContaining("/close")]);
    const opening = (await test.rows()).filter((row) => row.kind === "triage" && row.channel === "pagerduty");
    expect(opening).toMatchObject([{ state: "cancelled", lastError: "Somebody had decided before this was sent." }]);
  });

  it("hear of the end after what opens them has arrived", async () => {
    const incident = await triage();
    await acceptIncident(test.ctx(ada), { incident: incident.id });
    const rows = async () => (await test.rows()).filter((row) => row.channel === "pagerduty");
    const opening = (await rows()).find((row) => row.kind === "triage");
    const leaseEnd = new Date(test.clock.at.getTime() + 30_000);
    const onItsWay = { state: "sending" as const, nextAttemptAt: leaseEnd };
    await test.core.db.read
      .update(deliveries)
      .set(onItsWay)
      .where(eq(deliveries.id, opening?.id ?? ""));
    await test.runJobs();
    expect(callsTo("/pd-events")).toEqual([]);
    test.wait(31_000);
    await test.runJobs();
    expect((await rows()).map((row) => `${row.kind} ${row.state}`).sort()).toEqual([
      "decision sent",
      "triage cancelled",
    ]);
  });

  it("a 429 is waited out as asked; a 4xx is given up and shown, and can be sent again", async () => {
    let status = 429;
    test.world.script.answer = (call) =>
      call.path.startsWith("/pd-events") ? { status, headers: { "retry-after": "30" }, body: { message: "no" } } : {};
    const incident = await triage();
    await test.runJobs();
    const rowOf = async () => (await test.rows()).find((row) => row.channel === "pagerduty");
    expect(await rowOf()).toMatchObject({
      state: "retrying",
      attempts: 1,
      nextAttemptAt: new Date(test.clock.at.getTime() + 30_000),
      lastError: expect.stringContaining("HTTP 429"),
    });
    status = 400;
    test.wait(30_000);
    await test.runJobs();
    const failed = await rowOf();
    expect(failed).toMatchObject({ state: "failed", lastError: expect.stringContaining("HTTP 400") });
    test.world.script.answer = () => ({});
    await retryTold(test.ctx(ada), incident.reference, failed?.id ?? "");
    await test.runJobs();
    expect(await rowOf()).toMatchObject({ state: "sent" });
  });

  it("a private network is nowhere that a webhook goes", async () => {
    const { resolve } = test.world.outside;
    test.world.outside.resolve = async () => undefined;
    await triage();
    await test.runJobs();
    test.world.outside.resolve = resolve;
    expect((await test.rows()).find((row) => row.channel === "webhook")).toMatchObject({
      state: "failed",
      lastError: expect.stringContaining("private network"),
    });
    expect(test.world.calls).toEqual([]);
  });
});

describe("the card in Slack", () => {
  it("has buttons, and loses them to who decided, whoever that was", async () => {
    const incident = await triage();
    await test.runJobs();
    const blocks = test.slack.calls[0]?.args.blocks ?? "";
    for (const id of ["triage.accept", "triage.merge", "triage.decline", incident.id]) expect(blocks).toContain(id);
    await acceptIncident(test.ctx(ada), { incident: incident.id, severity: "SEV2" });
    await test.runJobs();
    const edit = test.slack.calls.find((call) => call.method === "chat.update");
    expect(edit?.args.blocks).toContain("Accepted as SEV2 by Ada");
    expect(edit?.args.blocks).not.toContain("triage.accept");
  });

  it("has none where presses could not be checked", async () => {
    const slack = test.core.config.slack;
    Object.assign(test.core.config, { slack: { ...slack, signingSecret: undefined } });
    await triage();
    await test.runJobs();
    Object.assign(test.core.config, { slack });
    expect(test.slack.calls[0]?.args.blocks).not.toContain("triage.accept");
  });

  it("says the last decision when several are on their way", async () => {
    const incident = await triage();
    await test.runJobs();
    test.slack.script.answer = () => ({ status: 503 });
    await acceptIncident(test.ctx(ada), { incident: incident.id });
    await test.runJobs();
    minutes(1);
    await test.core.db.read.update(incidents).set({ status: "triage" }).where(eq(incidents.id, incident.id));
    await declineIncident(test.ctx(ada), { incident: incident.id, reason: "A test" });
    test.slack.script.answer = () => ({});
    test.slack.calls.length = 0;
    minutes(5);
    await test.runJobs();
    const edits = test.slack.calls.filter((call) => call.method === "chat.update");
    expect(edits).toHaveLength(1);
    expect(edits[0]?.args.blocks).toContain("Declined by Ada: A test");
  });
});

describe("a service's tell list", () => {
  it("is one list with the addresses, and keeps keys that come back hidden", async () => {
    const ctx = test.ctx(ada);
    const [row] = await ctx.db.read.select().from(services);
    const id = row?.id ?? "";
    const changed = await changeService(ctx, { id, change: { tell: ["a@example.com", `pagerduty:${pdKey}`, "#pay"] } });
    expect(changed).toMatchObject({
      tellEmails: ["a@example.com"],
      tell: ["email:a@example.com", "pagerduty:…IJKL", "slack:#pay"],
    });
    await changeService(ctx, { id, change: { tell: changed.tell.slice(0, 2) } });
    await triage();
    await test.runJobs();
    expect(test.world.calls[0]?.json).toMatchObject({ routing_key: pdKey });
    expect(test.slack.calls.map((call) => call.args.channel)).toEqual(["C1"]);
    await expect(changeService(ctx, { id, change: { tell: ["pagerduty:…WXYZ"] } })).rejects.toMatchObject({
      code: "invalid",
    });
    // The older field goes on working, and leaves the rest of the list alone.
    await changeService(ctx, { id, change: { tellEmails: ["b@example.com"] } });
    expect((await readService(ctx.db.read, ctx, id)).tell).toEqual(["email:b@example.com", "pagerduty:…IJKL"]);
    expect(sealTellList(ctx.config.authSecret, []).sealed).toBeNull();
  });
});
