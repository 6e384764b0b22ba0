import { eq } from "drizzle-orm";
import { simpleParser } from "mailparser";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { deliveries, incidents } from "#/db/schema/index.ts";
import { addSubscriber, removeSubscriber } from "#/server/audience/index.ts";
import { createIncident } from "#/server/incidents/index.ts";
import { STALE_AFTER_MS } from "./order.ts";
import { publishUpdate } from "./publish-update.ts";
import { recoverDeliveries } from "./recover.ts";
import { retryDelivery } from "./retry-delivery.ts";
import type { Channel } from "./shared/lists.ts";
import { type TestOutbox, testOutbox } from "./test-outbox.ts";
import { listUpdates } from "./update-queries.ts";

let test: TestOutbox;
let ada: Awaited<ReturnType<TestOutbox["person"]>>;
let incident: Awaited<ReturnType<typeof createIncident>>;

beforeAll(async () => {
  test = await testOutbox();
  ada = await test.person("Ada", "admin");
});
afterAll(() => test.close());
beforeEach(async () => {
  await test.reset();
  await addSubscriber(test.ctx(ada), { email: "cto@example.com", confirmed: true });
  incident = await createIncident(test.ctx(ada), { title: "Internal words" });
});

function publish(channels: Channel[], body = "We know why.") {
  return publishUpdate(test.ctx(ada), incident.id, { status: "identified", body, channels, title: "Checkout" });
}
const only = async () => (await test.rows())[0];

describe("a delivery", () => {
  it("reaches all three channels once, and running its jobs again sends nothing", async () => {
    await publish(["status_page", "slack", "email"]);
    const jobs = [...test.jobs];
    await test.runJobs();
    test.jobs.push(...jobs);
    await test.runJobs();
    expect((await test.rows()).map((row) => [row.channel, row.state, row.attempts])).toEqual(
      expect.arrayContaining([
        ["status_page", "sent", 1],
        ["slack", "sent", 1],
        ["email", "sent", 1],
      ]),
    );
    expect(test.page.builds).toBe(1);
    expect(test.slack.calls.map((call) => call.method)).toEqual(["chat.postMessage"]);
    expect(test.mail.mails).toHaveLength(1);
    const sent = await simpleParser(test.mail.mails[0]?.source ?? "");
    expect(sent.subject).toBe("[Muster status] Checkout");
    expect(sent.text).toContain("We know why.");
    expect(test.mail.mails[0]?.source).toMatch(/List-Unsubscribe:\s+<http:\/\/localhost:3000\/unsubscribe\/[\w-]+>/);
    expect(test.slack.calls[0]?.args.channel).toBe("C1");
    const outside = JSON.stringify(test.slack.calls) + test.mail.mails.map((one) => one.source).join();
    expect(outside).not.toContain("Internal words");
  });

  it("waits as long as Slack asks, for this and every other message to Slack", async () => {
    test.slack.script.answer = () => ({ status: 429, headers: { "retry-after": "30" }, body: { ok: false } });
    await publish(["slack", "email"]);
    await test.runJobs();
    const row = (await test.rows()).find((one) => one.channel === "slack");
    expect(row).toMatchObject({ state: "retrying", attempts: 1 });
    expect(row?.nextAttemptAt?.getTime()).toBe(test.clock.at.getTime() + 30_000);
    expect(test.mail.mails).toHaveLength(1);
    const other = await createIncident(test.ctx(ada), { title: "Another" });
    await publishUpdate(test.ctx(ada), other.id, { status: "identified", body: "x", channels: ["slack"] });
    test.wait(29_000);
    await test.runJobs();
    expect(test.slack.calls).toHaveLength(1);
    test.slack.script.answer = () => ({});
    test.wait(1_500);
    await test.runJobs();
    expect(test.slack.calls).toHaveLength(3);
    expect((await test.rows()).every((one) => one.state === "sent")).toBe(true);
  });

  it("comes again after 4xx and 5xx of the other side, and gives up on what never works", async () => {
    await addSubscriber(test.ctx(ada), { email: "gone@example.com", confirmed: true });
    await addSubscriber(test.ctx(ada), { email: "later@example.com", confirmed: true });
    test.mail.script.refuse = (address) => ({ "gone@example.com": 550, "later@example.com": 450 })[address];
    const posts = () => test.slack.calls.filter((call) => call.method === "chat.postMessage").length;
    test.slack.script.answer = (call) => {
      if (call.method === "conversations.history") return { body: { ok: true, messages: [] } };
      return posts() < 3 ? { status: 500 } : {};
    };
    await publish(["slack", "email"]);
    await test.runJobs();
    const byTo = async (to: string) => (await test.rows()).find((row) => row.destination === to);
    expect(await byTo("cto@example.com")).toMatchObject({ state: "sent" });
    expect(await byTo("gone@example.com")).toMatchObject({
      state: "suppressed",
      lastError: expect.stringContaining("550"),
    });
    expect(await byTo("later@example.com")).toMatchObject({ state: "retrying", attempts: 1 });
    test.mail.script.refuse = () => undefined;
    for (let n = 0; n < 6; n += 1) {
      test.wait(10_000);
      await test.runJobs();
    }
    expect(await byTo("later@example.com")).toMatchObject({ state: "sent", attempts: 2 });
    expect(await byTo("C1")).toMatchObject({ state: "sent", attempts: 3, lastError: null });
    const [view] = await listUpdates(test.ctx(ada), incident.id);
    expect(view?.deliveries[0]).toMatchObject({ destination: "gone@example.com", state: "suppressed" });
    expect(view?.deliverySummary[1]).toMatchObject({ total: 3, sent: 2, failed: 0, waiting: 0, suppressed: 1 });
  });

  it("that Slack took without answering is found there and not sent twice", async () => {
    let posted = "";
    test.slack.script.answer = (call) => {
      if (call.method !== "chat.postMessage") {
        const metadata = JSON.parse(posted) as unknown;
        return { body: { ok: true, messages: [{ ts: "1700.5", metadata }] } };
      }
      posted = call.args.metadata ?? "";
      return "hang up";
    };
    await publish(["slack"]);
    await test.runJobs();
    expect(await only()).toMatchObject({ state: "unknown", attempts: 1 });
    test.wait(5_000);
    await test.runJobs();
    expect(await only()).toMatchObject({ state: "sent", providerId: "C1/1700.5", attempts: 1 });
    expect(test.slack.calls.filter((call) => call.method === "chat.postMessage")).toHaveLength(1);
  });

  it("that nobody can look for stays unknown until a person sends it again", async () => {
    test.slack.script.answer = (call) =>
      call.method === "chat.postMessage" ? "hang up" : { body: { ok: false, error: "missing_scope" } };
    const view = await publish(["slack"]);
    for (let n = 0; n < 4; n += 1) {
      await test.runJobs();
      test.wait(60_000);
    }
    expect(await only()).toMatchObject({ state: "unknown", attempts: 1, nextAttemptAt: null });
    test.slack.script.answer = () => ({});
    const id = view.deliveries[0]?.id ?? "";
    await retryDelivery(test.ctx(ada), incident.id, view.id, id);
    await test.runJobs();
    expect(await only()).toMatchObject({ state: "sent", lastError: null });
    const again = await retryDelivery(test.ctx(ada), incident.id, view.id, id);
    expect(again.deliveries[0]?.state).toBe("sent");
    expect(test.jobs).toHaveLength(0);
  });

  it("that a crash cut off goes on: mail once more under its Message-ID, Slack after a look, the page at once", async () => {
    await publish(["status_page", "slack", "email"]);
    await test.runJobs();
    const [first] = test.mail.mails;
    const cut = { state: "sending" as const, nextAttemptAt: new Date(test.clock.at.getTime() + 30_000) };
    await test.core.db.read.update(deliveries).set(cut);
    test.slack.script.answer = (call) =>
      call.method === "conversations.history" ? { body: { ok: true, messages: [] } } : {};
    await recoverDeliveries(test.core, test.clock.at, test.pauses);
    for (let n = 0; n < 3; n += 1) {
      await test.runJobs();
      test.wait(10_000);
    }
    expect((await test.rows()).map((row) => row.state)).toEqual(["sent", "sent", "sent"]);
    const ids = test.mail.mails.map((one) => /^Message-ID: (.*)$/im.exec(one.source)?.[1]);
    expect(ids).toHaveLength(2);
    expect(ids[0]).toBe(ids[1]);
    expect(first).toBeDefined();
    expect(test.page.builds).toBe(2);
    const later = new Date(test.clock.at.getTime() + 30_000);
    await test.core.db.read
      .update(deliveries)
      .set({ ...cut, nextAttemptAt: later })
      .where(eq(deliveries.channel, "email"));
    await recoverDeliveries(test.core, test.clock.at, test.pauses);
    await test.runJobs();
    expect((await test.rows()).find((row) => row.channel === "email")).toMatchObject({ state: "unknown" });
    expect(test.mail.mails).toHaveLength(2);
  });

  it("whose job was cut off before it began is taken up too", async () => {
    await publish(["status_page", "slack", "email"]);
    test.jobs.length = 0;
    await recoverDeliveries(test.core, test.clock.at, test.pauses);
    await test.runJobs();
    expect((await test.rows()).map((row) => row.state)).toEqual(["sent", "sent", "sent"]);
    await recoverDeliveries(test.core, test.clock.at, test.pauses);
    expect(test.jobs).toEqual([]);
  });

  it("to the page is sent only when the page is built", async () => {
    test.page.fails = true;
    await publish(["status_page"]);
    await test.runJobs();
    expect(await only()).toMatchObject({ state: "retrying", lastError: expect.stringContaining("no space left") });
    test.page.fails = false;
    test.wait(5_000);
    await test.runJobs();
    expect(await only()).toMatchObject({ state: "sent" });
  });

  it("goes before a newer one to the same place, and not after it", async () => {
    let isRefusing = true;
    test.slack.script.answer = () => (isRefusing ? { body: { ok: false, error: "service_unavailable" } } : {});
    await publish(["slack"], "old news");
    await test.runJobs();
    test.wait(1);
    await publish(["slack"], "new news");
    await test.runJobs();
    expect(test.slack.calls).toHaveLength(1);
    isRefusing = false;
    for (let n = 0; n < 5; n += 1) {
      test.wait(1_000);
      await test.runJobs();
    }
    expect((await test.rows()).map((row) => row.state)).toEqual(["sent", "sent"]);
    expect(test.slack.calls.slice(1).map((call) => call.args.text)).toEqual([
      expect.stringContaining("old news"),
      expect.stringContaining("new news"),
    ]);
  });

  it("that could not go out for minutes gives way to what is newer", async () => {
    test.slack.script.answer = () => ({ body: { ok: false, error: "service_unavailable" } });
    await publish(["slack"], "old news");
    await test.runJobs();
    test.wait(STALE_AFTER_MS);
    test.slack.script.answer = () => ({});
    await publish(["slack"], "new news");
    await test.runJobs();
    expect((await test.rows()).map((row) => row.state)).toEqual(["superseded", "sent"]);
    expect(test.slack.calls.at(-1)?.args.text).toContain("new news");
  });

  it("stays in the building once the incident is private or the subscriber has gone", async () => {
    await publish(["slack", "email"]);
    const subscriberId = (await test.rows()).find((row) => row.channel === "email")?.subscriberId ?? "";
    await removeSubscriber(test.ctx(ada), subscriberId);
    await test.core.db.read.update(incidents).set({ visibility: "private" });
    await test.runJobs();
    expect((await test.rows()).map((row) => row.state)).toEqual(["cancelled", "cancelled"]);
    expect(test.slack.calls).toHaveLength(0);
    expect(test.mail.mails).toHaveLength(0);
  });

  it("mails of one incident to one address make one thread", async () => {
    await publish(["email"], "one");
    test.wait(1_000);
    await publish(["email"], "two");
    await test.runJobs();
    const parsed = await Promise.all(test.mail.mails.map((one) => simpleParser(one.source)));
    expect(parsed.map((one) => one.inReplyTo)).toEqual([parsed[0]?.inReplyTo, parsed[0]?.inReplyTo]);
    expect(parsed[0]?.inReplyTo).toBeTruthy();
    expect(parsed[0]?.messageId).not.toBe(parsed[1]?.messageId);
  });
});

describe("channels that are not set up", () => {
  it("are failed deliveries that say so, and can be sent once they are", async () => {
    Object.assign(test.core.config, { slack: undefined, smtpUrl: undefined, mailFrom: undefined });
    const view = await publish(["status_page", "slack", "email"]);
    expect(view.deliverySummary).toEqual([
      { channel: "status_page", total: 1, sent: 0, failed: 0, waiting: 1 },
      { channel: "slack", total: 1, sent: 0, failed: 1, waiting: 0 },
      { channel: "email", total: 1, sent: 0, failed: 1, waiting: 0 },
    ]);
    for (const one of view.deliveries.filter((delivery) => delivery.state === "failed")) {
      expect(one.lastError).toContain("Settings");
      await expect(retryDelivery(test.ctx(ada), incident.id, view.id, one.id)).rejects.toMatchObject({
        code: "conflict",
      });
    }
    Object.assign(test.core.config, {
      slack: { botToken: "x", channel: "C9", apiUrl: test.slack.apiUrl },
      smtpUrl: test.mail.url,
      mailFrom: "m@example.com",
    });
    for (const one of view.deliveries.filter((delivery) => delivery.state === "failed")) {
      await retryDelivery(test.ctx(ada), incident.id, view.id, one.id);
    }
    await test.runJobs();
    expect(test.slack.calls[0]?.args.channel).toBe("C9");
    expect(test.mail.mails.map((one) => one.to)).toEqual(["cto@example.com"]);
    const [now] = await listUpdates(test.ctx(ada), incident.id);
    expect(now?.deliverySummary.map((one) => [one.total, one.sent])).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
  });
});
