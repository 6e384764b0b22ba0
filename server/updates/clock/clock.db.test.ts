import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { incidents, timelineEntries } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import {
  acceptIncident,
  changeIncident,
  createIncident,
  type IncidentRow,
  reopenIncident,
  resolveIncident,
} from "#/server/incidents/index.ts";
import { claimRole } from "#/server/roster/index.ts";
import { changeSettings } from "#/server/settings/index.ts";
import { publishUpdate } from "../publish-update.ts";
import { type TestOutbox, testOutbox } from "../test-outbox.ts";
import { changePace } from "./change-pace.ts";
import { registerUpdateClock, remindOfUpdate } from "./review-clock.ts";
import { REMIND_JOB, reminderIn } from "./store.ts";

const MINUTE_MS = 60_000;
let t: TestOutbox;
let clock: ReturnType<typeof registerUpdateClock>;
let ada: UserActor;
let lin: UserActor;
let admin: UserActor;

beforeAll(async () => {
  t = await testOutbox();
  clock = registerUpdateClock(t.core);
  t.workers.set(REMIND_JOB, (data) => remindOfUpdate(t.core, reminderIn(data)));
  ada = await t.person("Ada");
  lin = await t.person("Lin");
  admin = await t.person("Root", "admin");
});
afterAll(() => t.close());
beforeEach(() => t.reset());

const open = (input: Partial<Parameters<typeof createIncident>[1]> = {}) =>
  createIncident(t.ctx(ada), { title: "Checkout is slow", severity: "SEV1", ...input });
const publish = (id: string, input: Partial<Parameters<typeof publishUpdate>[2]> = {}) =>
  publishUpdate(t.ctx(ada), id, { status: "identified", body: "We know why.", channels: ["status_page"], ...input });
const dueOf = async ({ id }: Pick<IncidentRow, "id">) =>
  (await t.core.db.read.select().from(incidents).where(eq(incidents.id, id)))[0]?.nextUpdateDueAt ?? null;
const minutesLeft = async (incident: IncidentRow) => {
  const due = await dueOf(incident);
  return due && (due.getTime() - t.clock.at.getTime()) / MINUTE_MS;
};
const nudges = async ({ id }: IncidentRow) =>
  (
    await t.core.db.read
      .select()
      .from(timelineEntries)
      .where(and(eq(timelineEntries.incidentId, id), eq(timelineEntries.type, "update.overdue")))
  )
    .toSorted((a, b) => a.seq - b.seq)
    .map((entry) => [entry.data.step, entry.data.minutes]);
const pass = async (minutes: number) => {
  t.wait(minutes * MINUTE_MS);
  await t.runJobs();
};
const set = (incident: IncidentRow, change: Parameters<typeof changeIncident>[1]["change"]) =>
  changeIncident(t.ctx(ada), { incident: incident.id, change });

describe("the clock", () => {
  it("starts when somebody works on it, and the answer says so", async () => {
    const declared = await open();
    expect(declared.nextUpdateDueAt).toEqual(new Date(t.clock.at.getTime() + 5 * MINUTE_MS));
    const triage = await open({ status: "triage" });
    expect(triage.nextUpdateDueAt).toBeNull();
    t.wait(MINUTE_MS);
    const accepted = await acceptIncident(t.ctx(ada), { incident: triage.id });
    expect(accepted.nextUpdateDueAt).toEqual(new Date(t.clock.at.getTime() + 5 * MINUTE_MS));
  });

  it("starts again with each update, unless the update says when people hear", async () => {
    const incident = await open();
    await publish(incident.id);
    expect(await minutesLeft(incident)).toBe(20);
    const nextUpdateAt = new Date(t.clock.at.getTime() + 45 * MINUTE_MS).toISOString();
    await publish(incident.id, { nextUpdateAt });
    expect(await minutesLeft(incident)).toBe(45);
    await set(incident, { severity: "SEV3" });
    expect(await minutesLeft(incident)).toBe(45);
    await publish(incident.id, { nextUpdateAt: null });
    expect(await minutesLeft(incident)).toBeNull();
    await publish(incident.id, { status: "resolved" });
    expect(await dueOf(incident)).toBeNull();
  });

  it("takes what is said inside for a word only while the public never heard", async () => {
    const incident = await open();
    const inside = { audience: "internal", channels: ["slack"] } as const;
    await publish(incident.id, { ...inside, channels: ["slack"] });
    expect(await minutesLeft(incident)).toBe(20);
    await publish(incident.id);
    t.wait(10 * MINUTE_MS);
    await publish(incident.id, { ...inside, channels: ["slack"] });
    expect(await minutesLeft(incident)).toBe(10);
  });

  it("keeps a time that is promised together with another severity or with making it private", async () => {
    const incident = await open();
    const inMinutes = (minutes: number) => new Date(t.clock.at.getTime() + minutes * MINUTE_MS).toISOString();
    const raised = await set(incident, { severity: "SEV2", nextUpdateDueAt: inMinutes(45) });
    expect(raised.nextUpdateDueAt?.toISOString()).toBe(inMinutes(45));
    expect(await minutesLeft(incident)).toBe(45);
    await set(incident, { severity: "SEV3" });
    expect(await minutesLeft(incident)).toBe(45);
    await pass(45);
    expect(await nudges(incident)).toEqual([[0, 0]]);
    const none = await set(incident, { severity: "SEV1", nextUpdateDueAt: null });
    expect([none.nextUpdateDueAt, await dueOf(incident)]).toEqual([null, null]);
    const other = await open();
    const hidden = await set(other, { visibility: "private", nextUpdateDueAt: inMinutes(30) });
    expect(hidden.nextUpdateDueAt?.toISOString()).toBe(inMinutes(30));
    expect(await minutesLeft(other)).toBe(30);
    const quiet = await set(await open(), { visibility: "private" });
    expect(quiet.nextUpdateDueAt).toBeNull();
  });

  it("follows the severity and the settings", async () => {
    const incident = await open({ severity: "SEV4" });
    expect(await dueOf(incident)).toBeNull();
    await changeSettings(t.ctx(admin), {
      cadence: { SEV2: { firstMinutes: 7, everyMinutes: 30, longMinutes: 90 } },
    });
    const raised = await set(incident, { severity: "SEV2" });
    expect(raised.nextUpdateDueAt).toEqual(new Date(t.clock.at.getTime() + 7 * MINUTE_MS));
    await publish(incident.id);
    expect(await minutesLeft(incident)).toBe(30);
    await set(incident, { severity: "SEV5" });
    expect(await dueOf(incident)).toBeNull();
  });

  it("has no word for drills, private and retrospective ones", async () => {
    for (const input of [{ mode: "drill" }, { mode: "retrospective" }, { visibility: "private" }] as const) {
      expect(await dueOf(await open(input))).toBeNull();
    }
    const incident = await open();
    await set(incident, { visibility: "private" });
    expect(await dueOf(incident)).toBeNull();
  });

  it("is slowed down by the commander, after two hours", async () => {
    const incident = await open();
    const slow = (who: UserActor, pace: "usual" | "long" = "long") => changePace(t.ctx(who), incident.id, pace);
    await expect(slow(ada)).rejects.toMatchObject({ code: "conflict", message: /Only the commander/ });
    await claimRole(t.ctx(ada), { incident: incident.id, role: "commander" });
    t.wait(120 * MINUTE_MS - 1);
    await expect(slow(ada)).rejects.toMatchObject({ message: /after two hours/ });
    t.wait(1);
    await publish(incident.id);
    await expect(slow(lin)).rejects.toMatchObject({ message: /Only the commander, Ada/ });
    expect(await slow(ada)).toMatchObject({ pace: "long", everyMinutes: 20, longMinutes: 60 });
    expect(await minutesLeft(incident)).toBe(60);
    await publish(incident.id);
    expect(await minutesLeft(incident)).toBe(60);
    expect(await slow(ada, "usual")).toMatchObject({ pace: "usual" });
    expect(await minutesLeft(incident)).toBe(20);
  });
});

describe("what is due", () => {
  it("is told in three steps, and then not again", async () => {
    const incident = await open();
    await pass(4.9);
    expect(await nudges(incident)).toEqual([]);
    await pass(0.1);
    expect(await nudges(incident)).toEqual([[0, 0]]);
    await pass(5);
    await pass(5);
    await pass(60);
    expect(await nudges(incident)).toEqual([
      [0, 0],
      [1, 5],
      [2, 10],
    ]);
    await publish(incident.id);
    await pass(20);
    expect((await nudges(incident)).at(-1)).toEqual([0, 0]);
  });

  it("is told once after a sleep", async () => {
    const incident = await open();
    await pass(480);
    await pass(480);
    expect(await nudges(incident)).toEqual([[2, 475]]);
  });

  it("is silent as soon as an update is out, a time was promised, or it is over", async () => {
    const [out, promised, over] = [await open(), await open(), await open()];
    t.wait(4 * MINUTE_MS);
    await publish(out.id);
    await set(promised, { nextUpdateDueAt: new Date(t.clock.at.getTime() + 30 * MINUTE_MS).toISOString() });
    await resolveIncident(t.ctx(ada), { incident: over.id, summary: "Rolled back" });
    await pass(15);
    expect([await nudges(out), await nudges(promised), await nudges(over)]).toEqual([[], [], []]);
    await pass(15);
    expect(await nudges(promised)).toEqual([[0, 0]]);
    expect(await nudges(over)).toEqual([]);
    await reopenIncident(t.ctx(ada), { incident: over.id });
    expect(await minutesLeft(over)).toBe(5);
  });

  it("is remembered over a restore", async () => {
    const incident = await open();
    t.jobs.length = 0;
    await clock.recover();
    await pass(5);
    expect(await nudges(incident)).toEqual([[0, 0]]);
  });

  it("is not told twice when the job comes twice", async () => {
    const incident = await open();
    t.wait(5 * MINUTE_MS);
    const due = { incidentId: incident.id, nextAt: t.clock.at };
    await Promise.all([remindOfUpdate(t.core, due), remindOfUpdate(t.core, due)]);
    expect(await nudges(incident)).toEqual([[0, 0]]);
  });

  it("is told also when this process's clock is behind the queue's, each step once", async () => {
    const incident = await open();
    const due = { incidentId: incident.id, nextAt: (await dueOf(incident)) as Date };
    t.wait(5 * MINUTE_MS - 5_000);
    await remindOfUpdate(t.core, due);
    await remindOfUpdate(t.core, due);
    expect(await nudges(incident)).toEqual([[0, 0]]);
    await pass(5);
    expect(await nudges(incident)).toHaveLength(1);
    await pass(5 / 60);
    expect(await nudges(incident)).toEqual([
      [0, 0],
      [1, 5],
    ]);
  });
});
