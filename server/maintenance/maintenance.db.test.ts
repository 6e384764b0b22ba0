import { eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { alertMutes, auditEntries, maintenances } from "#/db/schema/index.ts";
import {
  addSubscriber,
  createComponent,
  listComponents,
  listSuppressions,
  releaseAddress,
} from "#/server/audience/index.ts";
import { createIncident } from "#/server/incidents/index.ts";
import { publishUpdate } from "#/server/updates/index.ts";
import { type TestOutbox, testOutbox } from "#/server/updates/test-outbox.ts";
import { scheduleMaintenanceInput } from "./contract.ts";
import {
  cancelMaintenance,
  changeMaintenance,
  correctMaintenanceUpdate,
  listMaintenances,
  postMaintenanceUpdate,
  readMaintenance,
  registerMaintenance,
  retryMaintenanceDelivery,
  scheduleMaintenance,
  tendMaintenance,
} from "./index.ts";
import { MAINTENANCE_BODY_LENGTH_MAX, MAINTENANCES_OPEN_MAX, REMINDERS_MAX } from "./shared/lists.ts";
import { TEND_JOB } from "./store.ts";

let test: TestOutbox;
let ada: Awaited<ReturnType<TestOutbox["person"]>>;
let viewer: typeof ada;
let root: ReturnType<TestOutbox["ctx"]>;
let checkout: string;
let search: string;
const MINUTE = 60_000;

beforeAll(async () => {
  test = await testOutbox();
  ada = await test.person("Ada");
  viewer = await test.person("Vic", "viewer");
  root = test.ctx(await test.person("Root", "admin"));
  checkout = (await createComponent(root, { name: "Checkout" })).id;
  search = (await createComponent(root, { name: "Search" })).id;
  test.workers.set(TEND_JOB, (data) => tendMaintenance(test.core, String(data.maintenanceId)));
});
afterAll(() => test.close());
beforeEach(async () => {
  await test.core.db.read.delete(maintenances);
  await test.core.db.read.delete(alertMutes);
  await test.reset();
  test.clock.at = new Date("2026-11-21T10:00:00.000Z");
  const root = test.ctx(await test.person(`Root ${crypto.randomUUID()}`, "admin"));
  await addSubscriber(root, { email: "all@example.com", confirmed: true });
  await addSubscriber(root, { email: "search@example.com", confirmed: true, components: [search] });
});

const later = (minutes: number) => new Date(test.clock.at.getTime() + minutes * MINUTE).toISOString();
const ctx = () => test.ctx(ada);
const plan = (change: Partial<Parameters<typeof scheduleMaintenance>[1]> = {}) =>
  scheduleMaintenance(ctx(), {
    title: "Database upgrade",
    body: "We upgrade the database. Payments stop for some minutes.",
    components: [checkout],
    from: later(48 * 60),
    until: later(50 * 60),
    ...change,
  });
const read = (id: string) => readMaintenance(test.core.db.read, ctx(), id);
const stateOf = async (id: string) =>
  (await listComponents(test.core.db.read, ctx())).find((one) => one.id === id)?.status;
const subjects = () => test.mail.mails.map(({ to, source }) => `${to} ${/^Subject: (.*)$/m.exec(source)?.[1]}`);
const headings = () =>
  test.slack.calls
    .filter((call) => call.method === "chat.postMessage")
    .map((call) => call.args.text?.split(": ").slice(0, 2).join(": "));

/** Lets time pass in small steps, with all that is due. */
async function pass(minutes: number): Promise<void> {
  const end = test.clock.at.getTime() + minutes * MINUTE;
  while (test.clock.at.getTime() < end) {
    test.wait(Math.min(5 * MINUTE, end - test.clock.at.getTime()));
    await test.runJobs();
  }
}

describe("a maintenance", () => {
  it("is announced, reminded of twice, started, verified and completed by itself", async () => {
    const made = await plan({ verifyMinutes: 30 });
    await test.runJobs();
    expect(made).toMatchObject({ status: "scheduled", reminders: [1440, 60], channels: ["slack", "email"] });
    expect(subjects()).toEqual(["all@example.com [Muster status] Maintenance: Database upgrade"]);
    expect(headings()).toEqual(["Maintenance · Scheduled: Database upgrade"]);
    expect(await stateOf(checkout)).toBe("operational");

    await pass(24 * 60);
    expect(headings().at(-1)).toBe("Maintenance · Reminder: Database upgrade");
    expect(test.mail.mails).toHaveLength(2);
    await pass(23 * 60);
    expect(test.mail.mails).toHaveLength(3);
    expect((await read(made.id)).nextReminderAt).toBeNull();

    await pass(60);
    expect(await read(made.id)).toMatchObject({ status: "in_progress", startedAt: made.from });
    expect(await stateOf(checkout)).toBe("under_maintenance");
    expect(await stateOf(search)).toBe("operational");
    await pass(90);
    expect((await read(made.id)).status).toBe("verifying");
    await pass(30);
    const done = await read(made.id);
    expect(done).toMatchObject({ status: "completed", endedAt: made.until, failures: [] });
    expect(await stateOf(checkout)).toBe("operational");
    expect(done.updates.map((update) => [update.status, update.publishedBy.name])).toEqual([
      ["completed", "Muster"],
      ["verifying", "Muster"],
      ["in_progress", "Muster"],
      ["scheduled", "Ada"],
    ]);
    expect(done.updates.map(({ components }) => components.map((one) => `${one.oldStatus} ${one.newStatus}`))).toEqual([
      ["under_maintenance operational"],
      ["under_maintenance under_maintenance"],
      ["operational under_maintenance"],
      ["operational operational"],
    ]);
    for (const update of done.updates) {
      expect(update.deliverySummary.map((one) => [one.channel, one.sent, one.total])).toEqual([
        ["status_page", 1, 1],
        ["slack", 1, 1],
        ["email", 1, 1],
      ]);
    }
    expect(test.mail.mails).toHaveLength(6);
    expect(test.mail.mails[0]?.source).toContain("List-Unsubscribe");
    expect(test.mail.mails[0]?.source.replaceAll("=\r\n", "")).toContain(">Muster status</td>");
    const thread = (source: string) => /^References: (.*)$/m.exec(source)?.[1];
    expect(new Set(test.mail.mails.map(({ source }) => thread(source))).size).toBe(1);
  });

  it("does each step once, however often it is tended", async () => {
    const made = await plan();
    test.wait(48 * 60 * MINUTE);
    for (const _ of [1, 2, 3]) await tendMaintenance(test.core, made.id);
    await Promise.all([tendMaintenance(test.core, made.id), tendMaintenance(test.core, made.id)]);
    expect((await read(made.id)).updates.map((one) => one.status)).toEqual(["in_progress", "scheduled"]);
    await tendMaintenance(test.core, "00000000-0000-4000-8000-000000000000");
  });

  it("goes on after a standstill: people hear of its end, not of a start that is over", async () => {
    const made = await plan();
    await test.runJobs();
    test.jobs.length = 0;
    test.wait(51 * 60 * MINUTE);
    await registerMaintenance(test.core).recover();
    await test.runJobs();
    const done = await read(made.id);
    expect(done.updates.map((one) => [one.status, one.notified])).toEqual([
      ["completed", true],
      ["in_progress", false],
      ["scheduled", true],
    ]);
    expect(headings()).toEqual([
      "Maintenance · Scheduled: Database upgrade",
      "Maintenance · Completed: Database upgrade",
    ]);
    expect(await stateOf(checkout)).toBe("operational");
  });

  it("begins at once when it is now, and is told once", async () => {
    const made = await plan({ from: later(-5), until: later(30) });
    await test.runJobs();
    expect(made).toMatchObject({ status: "in_progress", reminders: [1440, 60] });
    expect(await stateOf(checkout)).toBe("under_maintenance");
    expect(test.mail.mails).toHaveLength(1);
    await pass(31);
    expect((await read(made.id)).status).toBe("completed");
  });

  it("does not hide how bad an incident makes a component, nor heal it at its end", async () => {
    const made = await plan({ from: later(0), until: later(60), components: [checkout, search] });
    const incident = await createIncident(ctx(), { title: "Checkout down" });
    await publishUpdate(ctx(), incident.id, {
      status: "investigating",
      body: "Payments fail.",
      channels: ["status_page"],
      components: [{ id: checkout, status: "major_outage" }],
    });
    expect(await stateOf(checkout)).toBe("major_outage");
    await postMaintenanceUpdate(ctx(), made.id, { status: "completed" });
    expect(await stateOf(checkout)).toBe("major_outage");
    expect(await stateOf(search)).toBe("operational");
    await publishUpdate(ctx(), incident.id, { status: "resolved", body: "Fixed.", channels: ["status_page"] });
    expect(await stateOf(checkout)).toBe("operational");
  });

  it("is taken from stage to stage by people, each said once", async () => {
    const made = await plan({ channels: ["email"], verifyMinutes: 30 });
    await postMaintenanceUpdate(ctx(), made.id, { status: "in_progress", body: "We begin early." });
    await postMaintenanceUpdate(ctx(), made.id, { body: "Half of it is done.", notify: false });
    await postMaintenanceUpdate(ctx(), made.id, { status: "verifying" });
    await postMaintenanceUpdate(ctx(), made.id, { status: "verifying" });
    const back = await postMaintenanceUpdate(ctx(), made.id, { status: "in_progress" });
    expect(back.verifyMinutes).toBe(0);
    await postMaintenanceUpdate(ctx(), made.id, { status: "completed" });
    await test.runJobs();
    const { updates } = await read(made.id);
    expect(updates.map((one) => [one.status, one.body, one.notified]).reverse()).toEqual([
      ["scheduled", "We upgrade the database. Payments stop for some minutes.", true],
      ["in_progress", "We begin early.", true],
      ["in_progress", "Half of it is done.", false],
      ["verifying", "The work is done. We are verifying that all is well.", true],
      ["in_progress", "We are back at work: the maintenance goes on.", true],
      ["completed", "The maintenance is completed.", true],
    ]);
    expect(test.slack.calls).toHaveLength(0);
    const again = postMaintenanceUpdate(ctx(), made.id, { status: "in_progress" });
    await expect(again).rejects.toMatchObject({ code: "conflict" });
    await expect(postMaintenanceUpdate(ctx(), made.id, { body: "x" })).rejects.toMatchObject({ code: "conflict" });
  });

  it("is prolonged and moved, which people hear, and reminded of anew", async () => {
    const made = await plan();
    await pass(24 * 60);
    expect(test.mail.mails).toHaveLength(2);
    const moved = await changeMaintenance(ctx(), made.id, { from: later(30 * 60), until: later(31 * 60) });
    await test.runJobs();
    expect(moved.updates[0]?.body).toContain("It now takes place");
    expect(moved.nextReminderAt).toBe(later(6 * 60));
    await pass(6 * 60);
    expect(test.mail.mails).toHaveLength(4);
    await pass(24 * 60 + 5);
    expect((await read(made.id)).status).toBe("in_progress");
    const until = later(180);
    const prolonged = await changeMaintenance(ctx(), made.id, { until });
    expect(prolonged.updates[0]?.body).toContain("takes longer than planned");
    await changeMaintenance(ctx(), made.id, { until });
    await pass(120);
    expect((await read(made.id)).updates).toHaveLength(4);
    expect((await read(made.id)).status).toBe("in_progress");
    await expect(changeMaintenance(ctx(), made.id, { from: later(0) })).rejects.toMatchObject({ code: "conflict" });
    await pass(60);
    expect((await read(made.id)).status).toBe("completed");
    await expect(changeMaintenance(ctx(), made.id, { title: "x" })).rejects.toMatchObject({ code: "conflict" });
  });

  it("changes its components while it runs", async () => {
    const made = await plan({ from: later(0), until: later(60) });
    await changeMaintenance(ctx(), made.id, { components: [search], title: "Search upgrade" });
    expect([await stateOf(checkout), await stateOf(search)]).toEqual(["operational", "under_maintenance"]);
    expect((await read(made.id)).updates).toHaveLength(1);
  });

  it("is cancelled before it begins and while it runs, once", async () => {
    const made = await plan({ from: later(0), until: later(60) });
    await test.runJobs();
    const gone = await cancelMaintenance(ctx(), made.id, { reason: "The vendor is not ready." });
    expect(gone.updates[0]?.body).toBe("The maintenance is cancelled. The vendor is not ready.");
    expect((await cancelMaintenance(ctx(), made.id, {})).updates).toHaveLength(2);
    expect(await stateOf(checkout)).toBe("operational");
    await pass(120);
    expect((await read(made.id)).status).toBe("cancelled");
  });

  it("is not reminded of when the reminder comes too late", async () => {
    const made = await plan({ from: later(70), until: later(130), channels: ["email"] });
    await test.runJobs();
    test.mail.script.refuse = () => 451;
    await pass(15);
    test.mail.script.refuse = () => undefined;
    await postMaintenanceUpdate(ctx(), made.id, { status: "in_progress" });
    await pass(30);
    const reminders = (await test.rows()).filter((row) => row.kind === "maintenance_reminder");
    expect(reminders.map((row) => row.state)).toEqual(["cancelled"]);
    expect(test.mail.mails.filter(({ source }) => source.includes("Reminder"))).toHaveLength(0);
  });

  it("keeps the alerts of its services quiet for its time", async () => {
    const mute = async () => (await test.core.db.read.select().from(alertMutes))[0];
    const made = await plan({ muteServices: ["checkout-api"], from: later(60), until: later(120) });
    expect(made.muteServices.map((one) => one.name)).toEqual(["checkout-api"]);
    expect(await mute()).toMatchObject({
      fromAt: new Date(made.from),
      untilAt: new Date(made.until),
      reason: "Maintenance: Database upgrade",
    });
    await postMaintenanceUpdate(ctx(), made.id, { status: "in_progress" });
    expect((await mute())?.fromAt).toEqual(test.clock.at);
    await changeMaintenance(ctx(), made.id, { until: later(240) });
    expect((await mute())?.untilAt.toISOString()).toBe(later(240));
    test.wait(10 * MINUTE);
    await postMaintenanceUpdate(ctx(), made.id, { status: "completed" });
    expect((await mute())?.untilAt).toEqual(test.clock.at);

    const other = await plan({ muteServices: ["checkout-api"] });
    await cancelMaintenance(ctx(), other.id, {});
    const open = (await test.core.db.read.select().from(alertMutes)).filter((row) => row.untilAt > test.clock.at);
    expect(open).toEqual([]);
  });

  it("corrects what was said: on the page and in Slack, not by mail", async () => {
    const made = await plan();
    await test.runJobs();
    const updateId = made.updates[0]?.id ?? "";
    const builds = test.page.builds;
    const corrected = await correctMaintenanceUpdate(ctx(), made.id, updateId, "We upgrade the database.");
    await test.runJobs();
    expect(corrected.updates[0]).toMatchObject({ body: "We upgrade the database.", correctedAt: expect.any(String) });
    expect(test.page.builds).toBeGreaterThan(builds);
    expect(test.slack.calls.map((call) => call.method)).toEqual(["chat.postMessage", "chat.update"]);
    expect(test.slack.calls[1]?.args.blocks).toContain("We upgrade the database.");
    expect(test.mail.mails).toHaveLength(1);
    const elsewhere = correctMaintenanceUpdate(ctx(), made.id, made.id, "x");
    await expect(elsewhere).rejects.toMatchObject({ code: "not_found" });
  });

  it("shows what did not arrive, and sends it again", async () => {
    test.mail.script.refuse = () => 550;
    const made = await plan({ channels: ["email"] });
    await test.runJobs();
    const [failure] = (await read(made.id)).failures;
    expect(failure).toMatchObject({ channel: "email", destination: "all@example.com" });
    const asViewer = await readMaintenance(test.core.db.read, test.ctx(viewer), made.id);
    expect(asViewer.failures[0]?.destination).toBe("a…@example.com");
    test.mail.script.refuse = () => undefined;
    const [suppressed] = (await listSuppressions(test.core.db.read, root, { limit: 10 })).items;
    await releaseAddress(root, suppressed?.id ?? "");
    await retryMaintenanceDelivery(ctx(), made.id, failure?.id ?? "");
    await test.runJobs();
    expect((await read(made.id)).failures).toEqual([]);
    expect(test.mail.mails).toHaveLength(1);
  });
});

describe("rights and limits", () => {
  it("are a responder's; everybody reads", async () => {
    const made = await plan();
    const asViewer = test.ctx(viewer);
    const refused = { code: "forbidden" };
    const input = { title: "x", body: "x", from: later(60), until: later(120) };
    await expect(scheduleMaintenance(asViewer, input)).rejects.toMatchObject(refused);
    await expect(changeMaintenance(asViewer, made.id, { title: "x" })).rejects.toMatchObject(refused);
    await expect(postMaintenanceUpdate(asViewer, made.id, { body: "x" })).rejects.toMatchObject(refused);
    await expect(cancelMaintenance(asViewer, made.id, {})).rejects.toMatchObject(refused);
    expect((await listMaintenances(asViewer, { limit: 10 })).items).toHaveLength(1);
    const scoped = test.ctx({ ...ada, scopes: ["maintenance:write"] });
    await expect(scheduleMaintenance(scoped, { ...input, muteServices: ["x"] })).rejects.toMatchObject(refused);
    await expect(scheduleMaintenance(scoped, input)).resolves.toMatchObject({ title: "x" });
    const audit = await test.core.db.read.select().from(auditEntries).where(eq(auditEntries.objectId, made.id));
    expect(audit.map((entry) => entry.action)).toEqual(["maintenance.scheduled"]);
  });

  it("refuse what is unknown or too much, and name it", async () => {
    const input = { title: "x", body: "x", from: "2026-11-22T10:00:00Z", until: "2026-11-22T11:00:00Z" };
    const problemsOf = (change: object) =>
      scheduleMaintenanceInput.safeParse({ ...input, ...change }).error?.issues.map((issue) => issue.path[0]) ?? [];
    expect(problemsOf({})).toEqual([]);
    expect(problemsOf({ from: "tomorrow" })).toEqual(["from"]);
    expect(problemsOf({ body: "x".repeat(MAINTENANCE_BODY_LENGTH_MAX) })).toEqual([]);
    expect(problemsOf({ body: "x".repeat(MAINTENANCE_BODY_LENGTH_MAX + 1) })).toEqual(["body"]);
    expect(problemsOf({ reminders: Array(REMINDERS_MAX).fill(5) })).toEqual([]);
    expect(problemsOf({ reminders: Array(REMINDERS_MAX + 1).fill(5) })).toEqual(["reminders"]);
    await expect(plan({ components: ["nowhere"] })).rejects.toMatchObject({ code: "invalid" });
    const one = await plan();
    const [row] = await test.core.db.read.select().from(maintenances).where(eq(maintenances.id, one.id));
    if (!row) throw new Error("it is not there");
    const { id: _, ...values } = row;
    const copies = Array.from({ length: MAINTENANCES_OPEN_MAX - 2 }, (_, index) => ({
      ...values,
      publicId: `c${index}`,
    }));
    await test.core.db.read.insert(maintenances).values(copies);
    await plan();
    await expect(plan()).rejects.toMatchObject({ code: "conflict" });
  });

  it("list what comes soonest first, what is over newest first, page by page", async () => {
    for (const hours of [3, 1, 2]) await plan({ title: `In ${hours} h`, from: later(hours * 60), until: later(600) });
    const first = await listMaintenances(ctx(), { state: "upcoming", limit: 2 });
    expect(first.items.map((one) => one.title)).toEqual(["In 1 h", "In 2 h"]);
    const next = await listMaintenances(ctx(), { state: "upcoming", limit: 2, cursor: first.nextCursor ?? "" });
    expect([next.items.map((one) => one.title), next.nextCursor]).toEqual([["In 3 h"], null]);
    for (const { id } of [...first.items, ...next.items]) await cancelMaintenance(ctx(), id, {});
    const ended = await listMaintenances(ctx(), { state: "ended", limit: 9 });
    expect(ended.items.map((one) => one.title)).toEqual(["In 3 h", "In 2 h", "In 1 h"]);
    expect((await listMaintenances(ctx(), { state: "running", limit: 9 })).items).toEqual([]);
  });
});
