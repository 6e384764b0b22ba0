import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { deliveries, maintenances } from "#/db/schema/index.ts";
import { addSubscriber } from "#/server/audience/index.ts";
import { type TestOutbox, testOutbox } from "#/server/updates/test-outbox.ts";
import {
  correctMaintenanceUpdate,
  postMaintenanceUpdate,
  readMaintenance,
  retryMaintenanceDelivery,
  scheduleMaintenance,
} from "./index.ts";

let test: TestOutbox;
let ada: Awaited<ReturnType<TestOutbox["person"]>>;
let root: typeof ada;
const MINUTE = 60_000;

beforeAll(async () => {
  test = await testOutbox();
  ada = await test.person("Ada");
  root = await test.person("Root", "admin");
});
afterAll(() => test.close());
beforeEach(async () => {
  await test.core.db.read.delete(maintenances);
  await test.reset();
  test.clock.at = new Date("2026-11-21T10:00:00.000Z");
});

const ctx = () => test.ctx(ada);
const later = (minutes: number) => new Date(test.clock.at.getTime() + minutes * MINUTE).toISOString();
const plan = (channels: ("slack" | "email")[]) =>
  scheduleMaintenance(ctx(), {
    title: "Upgrade",
    body: "From nine to ten.",
    from: later(48 * 60),
    until: later(50 * 60),
    channels,
  });
const read = (id: string) => readMaintenance(test.core.db.read, ctx(), id);
const isAway = () => ({ status: 503 });
const isBack = () => ({});

/** What stands in the channel, edits applied. */
const inSlack = () =>
  test.slack.workspace.posts.map(({ blocks }) => /From \w+ to \w+\.|All is ready\./.exec(JSON.stringify(blocks))?.[0]);

async function pass(minutes: number): Promise<void> {
  for (let passed = 0; passed < minutes * 4; passed += 1) {
    test.wait(MINUTE / 4);
    await test.runJobs();
  }
}

describe("a correction of what was said of a maintenance", () => {
  it("of a message that could not go out for long lets it arrive, in the new words", async () => {
    test.slack.script.answer = isAway;
    const made = await plan(["slack"]);
    await test.runJobs();
    await pass(6);
    await correctMaintenanceUpdate(ctx(), made.id, made.updates[0]?.id ?? "", "From eight to nine.");
    await test.runJobs();
    await pass(1);
    test.slack.script.answer = isBack;
    await pass(10);
    expect(inSlack()).toEqual(["From eight to nine."]);
    expect((await read(made.id)).failures).toEqual([]);
  });

  it("of a message that stands there keeps no newer one from arriving", async () => {
    const made = await plan(["slack"]);
    await test.runJobs();
    test.slack.script.answer = ({ method }) => (method === "chat.postMessage" ? isAway() : isBack());
    await postMaintenanceUpdate(ctx(), made.id, { body: "All is ready." });
    await test.runJobs();
    test.wait(MINUTE / 4);
    await correctMaintenanceUpdate(ctx(), made.id, made.updates[0]?.id ?? "", "From eight to nine.");
    await pass(3);
    expect(inSlack()).toEqual(["From eight to nine."]);
    test.slack.script.answer = isBack;
    await pass(10);
    expect(inSlack()).toEqual(["From eight to nine.", "All is ready."]);
  });

  it("made twice leaves the last words there, whichever edit arrives last", async () => {
    const made = await plan(["slack"]);
    await test.runJobs();
    test.slack.script.answer = isAway;
    await correctMaintenanceUpdate(ctx(), made.id, made.updates[0]?.id ?? "", "From eight to nine.");
    await pass(2);
    await correctMaintenanceUpdate(ctx(), made.id, made.updates[0]?.id ?? "", "From seven to eight.");
    await pass(2);
    test.slack.script.answer = isBack;
    await pass(10);
    expect(inSlack()).toEqual(["From seven to eight."]);
  });

  it("reaches mails that wait, and those that are sent again", async () => {
    await addSubscriber(test.ctx(root), { email: "late@example.com", confirmed: true });
    await addSubscriber(test.ctx(root), { email: "never@example.com", confirmed: true });
    test.mail.script.refuse = (to) => (to.startsWith("late") ? 451 : { code: 554, text: "5.7.1 not today" });
    const made = await plan(["email"]);
    await test.runJobs();
    await correctMaintenanceUpdate(ctx(), made.id, made.updates[0]?.id ?? "", "From eight to nine.");
    test.mail.script.refuse = () => undefined;
    for (const failure of (await read(made.id)).failures) await retryMaintenanceDelivery(ctx(), made.id, failure.id);
    await pass(5);
    expect(test.mail.mails.map((mail) => mail.to).sort()).toEqual(["late@example.com", "never@example.com"]);
    for (const { source } of test.mail.mails) {
      expect(source.replaceAll("=\r\n", "")).toContain("From eight to nine.");
      expect(source.replaceAll("=\r\n", "")).not.toContain("From nine to ten.");
    }
  });

  it("begins to be tried anew, whatever became of the message", async () => {
    const made = await plan(["slack"]);
    await test.runJobs();
    const traces = { since: later(-48 * 60), asked: true, reconcile: 2, resent: true, isSlight: true };
    const [message] = (await test.rows()).filter((row) => row.channel === "slack");
    const payload = { ...message?.payload, ...traces };
    await test.core.db.read
      .update(deliveries)
      .set({ payload })
      .where(eq(deliveries.id, message?.id ?? ""));
    await correctMaintenanceUpdate(ctx(), made.id, made.updates[0]?.id ?? "", "From eight to nine.");
    const [edit] = (await test.rows()).filter((row) => row.payload.corrects === message?.id);
    expect(edit).toMatchObject({ kind: "correction", state: "queued" });
    for (const trace of Object.keys(traces)) expect(edit?.payload).not.toHaveProperty(trace);
  });
});

describe("a message that is still looked for", () => {
  it("is neither shown as failed nor sent again", async () => {
    test.slack.script.answer = ({ method }) => (method === "chat.postMessage" ? "hang up" : isAway());
    const made = await plan(["slack"]);
    await test.runJobs();
    const [message] = (await test.rows()).filter((row) => row.channel === "slack");
    expect(message).toMatchObject({ state: "unknown", payload: { reconcile: expect.any(Number) } });
    expect((await read(made.id)).failures).toEqual([]);
    await retryMaintenanceDelivery(ctx(), made.id, message?.id ?? "");
    expect((await test.rows()).find((row) => row.id === message?.id)).toEqual(message);
  });
});
