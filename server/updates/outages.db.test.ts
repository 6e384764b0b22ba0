import { simpleParser } from "mailparser";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { subscribers, suppressions } from "#/db/schema/index.ts";
import { createIncident } from "#/server/incidents/index.ts";
import { SLACK_TIMEOUT_MS } from "#/server/notify/slack.ts";
import { Pauses } from "./pauses.ts";
import { publishUpdate } from "./publish-update.ts";
import { recoverDeliveries } from "./recover.ts";
import { GIVE_UP_AFTER_MS } from "./rules.ts";
import type { Channel } from "./shared/lists.ts";
import { type SlackAnswer, type TestOutbox, testOutbox } from "./test-outbox.ts";
import { listUpdates } from "./update-queries.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

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
  test.limits.slackMs = 300;
  incident = await createIncident(test.ctx(ada), { title: "Internal words" });
});

const addReaders = (count: number) =>
  test.core.db.read
    .insert(subscribers)
    .values(Array.from({ length: count }, (_, n) => ({ email: `r${n}@example.com`, confirmedAt: test.clock.at })));
const publish = (channels: Channel[], body = "We know why.") =>
  publishUpdate(test.ctx(ada), incident.id, { status: "identified", body, channels, title: "Checkout" });
const rowsOf = async (channel: Channel) => (await test.rows()).filter((row) => row.channel === channel);
const mailsTo = (address: string) => test.mail.mails.filter((mail) => mail.to === address);
const posts = () => test.slack.calls.filter((call) => call.method === "chat.postMessage");

/** Lets time pass until nothing goes by itself any more. */
async function settle(): Promise<void> {
  for (let step = 0; step < 200; step += 1) {
    const open = (await test.rows()).some((row) => row.nextAttemptAt !== null || row.state === "queued");
    if (!open) return;
    await test.runNext();
  }
  throw new Error("deliveries do not come to an end");
}

describe("the mail server is away for hours", () => {
  const READERS = 2;

  it("the room says how often and when next, the others go on, and everybody gets the newest update once", {
    timeout: 60_000,
  }, async () => {
    await addReaders(READERS);
    await test.mail.goAway();
    const old = await publish(["status_page", "slack", "email"], "old news");
    await test.runJobs();
    const since = test.clock.at.getTime();
    while (test.clock.at.getTime() - since < 30 * MINUTE_MS) await test.runNext();
    await publish(["status_page", "slack", "email"], "new news");
    await test.runJobs();
    while (test.clock.at.getTime() - since < 2 * HOUR_MS) await test.runNext();
    // Neither page nor Slack waited for mail.
    for (const row of [...(await rowsOf("status_page")), ...(await rowsOf("slack"))]) {
      expect([row.state, row.attempts]).toEqual(["sent", 1]);
      expect(row.sentAt?.getTime()).toBe(row.createdAt.getTime());
    }
    const [seen] = await listUpdates(test.ctx(ada), incident.id);
    const waiting = seen?.deliveries.filter((one) => one.channel === "email") ?? [];
    expect(waiting).toHaveLength(READERS);
    for (const one of waiting) {
      expect(one.lastError ?? "could not be reached").toContain("could not be reached");
      const waitMs = Date.parse(one.nextAttemptAt ?? "") - test.clock.at.getTime();
      expect(waitMs).toBeGreaterThan(0);
      expect(waitMs).toBeLessThanOrEqual(2 * MINUTE_MS);
    }
    expect(Math.max(...waiting.map((one) => one.attempts))).toBeGreaterThanOrEqual(1);
    expect(seen?.deliverySummary).toContainEqual({
      channel: "email",
      total: READERS,
      sent: 0,
      failed: 0,
      waiting: READERS,
    });

    await test.mail.comeBack();
    const backAt = test.clock.at.getTime();
    await settle();
    expect(test.clock.at.getTime() - backAt).toBeLessThanOrEqual(5 * MINUTE_MS);
    for (let n = 0; n < READERS; n += 1) {
      const [mail, ...more] = mailsTo(`r${n}@example.com`);
      expect(more).toEqual([]);
      expect((await simpleParser(mail?.source ?? "")).text).toContain("new news");
    }
    const superseded = (await rowsOf("email")).filter((row) => row.updateId === old.id);
    expect(superseded.map((row) => row.state)).toEqual(Array.from({ length: READERS }, () => "superseded"));
  });
});

describe("the mail server refuses, puts off and holds 3 of 100", () => {
  const limits = { connectionTimeout: 10_000, greetingTimeout: 10_000, dnsTimeout: 10_000, wholeMs: 60_000 };
  const held = "r10@example.com";
  const putOff = "r20@example.com";
  const gone = "r30@example.com";

  it("97 get one each at once, the 3 end suppressed with the reason, and no worker waits for them", {
    timeout: 60_000,
  }, async () => {
    await addReaders(100);
    test.limits.mail = { ...limits, socketTimeout: 60_000 };
    test.mail.script.refuse = (address) => {
      if (address === held) return "tarpit";
      if (address === putOff) return { code: 451, text: "4.7.1 try again later" };
      return address === gone ? { code: 550, text: "5.1.1 no such user" } : undefined;
    };
    await publish(["email"]);
    const aside = await test.runJobsAtOnce(4, 100);
    // All workers have come to their end while the one is still held.
    await expect.poll(() => [aside.size, test.mail.heldCount(), test.mail.mails.length]).toEqual([1, 1, 97]);
    expect(new Set(test.mail.mails.map((mail) => mail.to)).size).toBe(97);
    test.mail.letGo();
    await aside.drain(10_000);
    const stateOf = async (to: string) => (await rowsOf("email")).find((row) => row.destination === to);
    expect(await stateOf(gone)).toMatchObject({ state: "suppressed", lastError: expect.stringContaining("5.1.1") });
    expect(await stateOf(putOff)).toMatchObject({ state: "retrying", attempts: 1 });
    expect(await stateOf(held)).toMatchObject({ state: "retrying", attempts: 1 });
    // Put off for a day, while everybody else is served.
    test.limits.mail = { ...limits, socketTimeout: 2_000 };
    test.wait(GIVE_UP_AFTER_MS);
    await test.runNext();
    expect(await stateOf(putOff)).toMatchObject({ state: "suppressed", lastError: expect.stringContaining("4.7.1") });
    expect(await stateOf(held)).toMatchObject({ state: "suppressed", lastError: expect.stringContaining("kept us") });
    expect(test.mail.mails).toHaveLength(97);
    const list = await test.core.db.read.select().from(suppressions);
    expect(list.map((row) => [row.email, row.cause]).sort()).toEqual([
      [held, "bounce"],
      [putOff, "bounce"],
      [gone, "bounce"],
    ]);
    const [seen] = await listUpdates(test.ctx(ada), incident.id);
    expect(seen?.deliverySummary).toEqual([
      { channel: "email", total: 100, sent: 97, failed: 0, waiting: 0, suppressed: 3 },
    ]);
    // The next update does not even ask for them.
    test.mail.script.refuse = (address) => {
      throw new Error(`${address} was asked for`);
    };
    test.jobs.length = 0;
    await publish(["email"], "more news");
    const next = (await rowsOf("email")).filter((row) => row.state === "suppressed" && row.attempts === 0);
    expect(next.map((row) => row.destination).sort()).toEqual([held, putOff, gone].sort());
  });

  it("as many that hold as there are workers do not hold the workers", async () => {
    await addReaders(12);
    test.limits.mail = { ...limits, socketTimeout: 60_000 };
    test.mail.script.refuse = (address) => (Number(address.slice(1, -12)) < 6 ? "tarpit" : undefined);
    await publish(["email"]);
    const aside = await test.runJobsAtOnce(4, 50);
    await expect.poll(() => [aside.size, test.mail.heldCount(), test.mail.mails.length]).toEqual([6, 6, 6]);
    test.mail.letGo();
    await aside.drain(10_000);
    const held = (await rowsOf("email")).filter((row) => row.state === "retrying");
    expect(held).toHaveLength(6);
  });

  it("a refusal of everybody suppresses nobody", async () => {
    await addReaders(2);
    test.mail.script.refuse = () => ({ code: 550, text: "5.7.1 relaying denied" });
    await publish(["email"]);
    await test.runJobs();
    expect((await rowsOf("email")).map((row) => row.state)).toEqual(["failed", "failed"]);
    expect(await test.core.db.read.select().from(suppressions)).toEqual([]);
  });
});

describe("Slack answers 429 with Retry-After: 30", () => {
  it("is not called before, keeps the order of the channel, and holds nobody else", async () => {
    await addReaders(1);
    test.slack.script.answer = () => ({ status: 429, headers: { "retry-after": "30" }, body: { ok: false } });
    await publish(["status_page", "slack", "email"], "first");
    // Nothing but the clock of this test would let it wait: that the jobs end says that no worker sleeps.
    await test.runJobs();
    expect(posts()).toHaveLength(1);
    expect(test.mail.mails).toHaveLength(1);
    expect(test.page.builds).toBe(1);
    const askedAt = test.clock.at.getTime();
    test.slack.script.answer = () => ({});
    for (const body of ["second", "third"]) {
      test.wait(1_000);
      await publish(["slack", "email"], body);
      await test.runJobs();
    }
    expect(test.mail.mails).toHaveLength(3);
    expect(posts()).toHaveLength(1);
    // A new process keeps to it too.
    const pauses = new Pauses();
    await recoverDeliveries(test.core, test.clock.at, pauses);
    expect(pauses.until({ channel: "slack", destination: "C9", destinationId: null })?.getTime()).toBe(
      askedAt + 30_000,
    );
    test.clock.at = new Date(askedAt + 29_999);
    await test.runJobs();
    expect(posts()).toHaveLength(1);
    test.clock.at = new Date(askedAt + 30_000);
    for (let n = 0; n < 4; n += 1) {
      await test.runJobs();
      test.wait(1_000);
    }
    const texts = posts()
      .slice(1)
      .map((call) => /first|second|third/.exec(call.args.text ?? "")?.[0]);
    expect(texts).toEqual(["first", "second", "third"]);
    expect((await rowsOf("slack")).every((row) => row.state === "sent" && row.attempts <= 2)).toBe(true);
  });
});

describe("Slack fails in the middle", () => {
  /** A channel that shows what it took, whether or not it said so. */
  function channel(fail: SlackAnswer, isTaken: boolean, isReadable = true) {
    const messages: { ts: string; metadata: unknown }[] = [];
    let isFailing = true;
    test.slack.script.answer = (call) => {
      if (call.method === "conversations.history") {
        return { body: isReadable ? { ok: true, messages } : { ok: false, error: "missing_scope" } };
      }
      const message = { ts: `1700.${messages.length + 1}`, metadata: JSON.parse(call.args.metadata ?? "null") };
      if (isFailing) {
        isFailing = false;
        if (isTaken) messages.push(message);
        return fail;
      }
      messages.push(message);
      return { body: { ok: true, channel: "C1", ts: message.ts } };
    };
    return messages;
  }

  it("waits 10 s for an answer", () => expect(SLACK_TIMEOUT_MS).toBe(10_000));

  it.each([
    ["HTTP 500", { status: 500 }, true],
    ["HTTP 500", { status: 500 }, false],
    ["HTTP 503", { status: 503 }, false],
    ["fatal_error", { body: { ok: false, error: "fatal_error" } }, true],
    ["a reset", "hang up", true],
    ["a reset", "hang up", false],
    ["silence", "silence", true],
    ["silence", "silence", false],
  ] as const)("%s (%j, taken: %s) ends with one visible message", async (_name, fail, isTaken) => {
    const messages = channel(fail, isTaken);
    await publish(["slack"]);
    await test.runJobs();
    expect((await rowsOf("slack"))[0]).toMatchObject({ state: "unknown", attempts: 1 });
    await settle();
    expect(messages).toHaveLength(1);
    const [row] = await rowsOf("slack");
    expect(row).toMatchObject({ state: "sent", providerId: "C1/1700.1", attempts: isTaken ? 1 : 2, lastError: null });
  });

  it("a Slack that cannot be looked into is not told twice what it may have taken", async () => {
    const messages = channel("silence", true, false);
    await publish(["slack"]);
    await settle();
    expect(messages).toHaveLength(1);
    expect((await rowsOf("slack"))[0]).toMatchObject({ state: "unknown", nextAttemptAt: null });
  });
});
