import { asc, eq } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { tasks, timelineEntries } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import { addMember, createIncident, reopenIncident, resolveIncident } from "#/server/incidents/index.ts";
import { type TestCore, testCore } from "#/server/testing/test-core.ts";
import { type ChangeTaskInput, changeTaskInput } from "./contract.ts";
import { changeTask, createTask, listTasks, registerTaskJobs, requeueTaskBoxes, tellBoxEnded } from "./index.ts";
import { TASKS_MAX } from "./shared/lists.ts";
import { BOX_ENDED_JOB } from "./time-box.ts";

let t: TestCore;
let ada: UserActor;
let lin: UserActor;
let incident: string;
beforeAll(async () => {
  t = await testCore();
  registerTaskJobs(t.core);
  ada = await t.person("Ada");
  lin = await t.person("Lin");
});
afterAll(() => t.close());

const at = (minute: number, second = 0) => new Date(Date.UTC(2026, 10, 21, 10, minute, second));
beforeEach(async () => {
  t.clock.at = at(0);
  t.jobs.length = 0;
  incident = (await createIncident(t.ctx(ada), { title: "Slow" })).id;
});

const one = async (id: string) => (await listTasks(t.core.db.read, incident)).find((task) => task.id === id);
const change = (who: UserActor, taskId: string, to: ChangeTaskInput) =>
  changeTask(t.ctx(who), { incident, taskId, change: to });
const boxes = () => t.jobs.filter((job) => job.name === BOX_ENDED_JOB);

/** What the timeline tells of tasks. */
async function told(): Promise<{ type: string; actorName: string; data: Record<string, unknown> }[]> {
  const entries = await t.core.db.read
    .select()
    .from(timelineEntries)
    .where(eq(timelineEntries.incidentId, incident))
    .orderBy(asc(timelineEntries.seq));
  return entries.filter(({ type }) => type.startsWith("task."));
}
const toldTypes = async () => (await told()).map(({ type }) => type);

/** Runs the job of the box that was enqueued last, at its time. */
async function boxEnds(index = -1): Promise<void> {
  const job = boxes().at(index);
  if (!job) throw new Error("no box is watched");
  const { taskId, dueAt } = job.data as { taskId: string; dueAt: string };
  if (t.clock.at < new Date(dueAt)) t.clock.at = new Date(dueAt);
  await tellBoxEnded(t.core, { taskId, dueAt: new Date(dueAt) });
}

describe("whose a task is", () => {
  test("its owner says that they have it; nobody else can", async () => {
    const id = await createTask(t.ctx(ada), { incident, task: { title: "Roll back", ownerId: lin.userId } });
    expect(await one(id)).toMatchObject({ owner: { name: "Lin" }, acknowledgedAt: null });
    await expect(change(ada, id, { acknowledged: true })).rejects.toMatchObject({ code: "conflict" });
    t.clock.at = at(1);
    await change(lin, id, { acknowledged: true });
    await change(lin, id, { acknowledged: true });
    expect(await one(id)).toMatchObject({ acknowledgedAt: at(1).toISOString(), status: "open" });
    expect(await toldTypes()).toEqual(["task.created", "task.assigned", "task.acknowledged"]);
    expect((await told())[1]).toMatchObject({
      actorName: "Ada",
      data: { taskId: id, title: "Roll back", ownerId: lin.userId, owner: "Lin" },
    });
  });

  test("who takes a task has it; who is given it has not yet", async () => {
    const id = await createTask(t.ctx(ada), { incident, task: { title: "Roll back" } });
    await change(lin, id, { ownerId: lin.userId, acknowledged: true });
    expect((await one(id))?.acknowledgedAt).not.toBeNull();
    await change(lin, id, { ownerId: ada.userId });
    expect(await one(id)).toMatchObject({ owner: { name: "Ada" }, acknowledgedAt: null });
    await change(lin, id, { ownerId: null });
    expect(await one(id)).toMatchObject({ owner: null });
    expect(await toldTypes()).toEqual(["task.created", "task.assigned", "task.assigned", "task.changed"]);
    expect((await told()).at(-1)?.data).toMatchObject({ what: "released" });
  });

  test("in a private incident only those who may see it can own one", async () => {
    const hidden = (await createIncident(t.ctx(ada), { title: "Leak", visibility: "private" })).id;
    const task = { title: "Rotate keys", ownerId: lin.userId };
    await expect(createTask(t.ctx(ada), { incident: hidden, task })).rejects.toMatchObject({ code: "conflict" });
    await expect(createTask(t.ctx(lin), { incident: hidden, task })).rejects.toMatchObject({ code: "not_found" });
    await addMember(t.ctx(ada), { incident: hidden, userId: lin.userId });
    await createTask(t.ctx(ada), { incident: hidden, task });
    const olga = await t.person("Olga", "owner");
    await createTask(t.ctx(ada), { incident: hidden, task: { ...task, ownerId: olga.userId } });
  });
});

describe("how a task ends", () => {
  test("by whom and when is kept, and undone with the tick", async () => {
    const id = await createTask(t.ctx(ada), { incident, task: { title: "Roll back" } });
    t.clock.at = at(4);
    await change(lin, id, { status: "done" });
    await change(ada, id, { status: "done" });
    expect(await one(id)).toMatchObject({ status: "done", doneAt: at(4).toISOString(), doneBy: { name: "Lin" } });
    await change(ada, id, { status: "open" });
    expect(await one(id)).toMatchObject({ status: "open", doneAt: null, doneBy: null });
    await change(ada, id, { status: "cancelled" });
    await change(ada, id, { status: "open" });
    expect((await told()).map(({ type, data }) => data.what ?? type)).toEqual([
      "task.created",
      "task.done",
      "reopened",
      "cancelled",
      "reopened",
    ]);
  });

  test("a title is corrected, and the timeline has both", async () => {
    const id = await createTask(t.ctx(ada), { incident, task: { title: "Rol back" } });
    await change(ada, id, { title: "Roll back" });
    await change(ada, id, { title: "Roll back" });
    expect((await told()).at(-1)?.data).toMatchObject({ what: "renamed", from: "Rol back", title: "Roll back" });
    expect(await toldTypes()).toHaveLength(2);
  });

  test(`there are at most ${TASKS_MAX}`, async () => {
    const values = Array.from({ length: TASKS_MAX - 1 }, (_, n) => ({ incidentId: incident, title: `step ${n}` }));
    await t.core.db.read.insert(tasks).values(values);
    await createTask(t.ctx(ada), { incident, task: { title: "the last" } });
    await expect(createTask(t.ctx(ada), { incident, task: { title: "one more" } })).rejects.toMatchObject({
      code: "conflict",
    });
  });
});

describe("a time box", () => {
  test("is measured by the server's clock and made longer from its end, or from now when it is over", async () => {
    const id = await createTask(t.ctx(ada), { incident, task: { title: "Roll back", minutes: 10 } });
    expect((await one(id))?.dueAt).toBe(at(10).toISOString());
    t.clock.at = at(4);
    await change(lin, id, { extendMinutes: 5 });
    expect((await one(id))?.dueAt).toBe(at(15).toISOString());
    t.clock.at = at(30);
    await change(lin, id, { extendMinutes: 10 });
    expect((await one(id))?.dueAt).toBe(at(40).toISOString());
    await change(lin, id, { minutes: 2 });
    expect((await one(id))?.dueAt).toBe(at(32).toISOString());
    await change(lin, id, { dueAt: null });
    expect((await one(id))?.dueAt).toBeNull();
    await change(lin, id, { extendMinutes: 20 });
    expect((await one(id))?.dueAt).toBe(at(50).toISOString());
    expect(boxes().map((job) => job.options.startAt)).toEqual([at(10), at(15), at(40), at(32), at(50)]);
  });

  test("is said in one way at a time", () => {
    const dueAt = at(5).toISOString();
    expect(changeTaskInput.safeParse({ minutes: 5, dueAt }).success).toBe(false);
    expect(changeTaskInput.safeParse({ extendMinutes: 5, minutes: 5 }).success).toBe(false);
    expect(changeTaskInput.safeParse({ extendMinutes: 5 }).success).toBe(true);
    expect(changeTaskInput.safeParse({ extendMinutes: 0 }).success).toBe(false);
    expect(changeTaskInput.safeParse({ extendMinutes: 10_081 }).success).toBe(false);
  });

  test("that ends is told once, however often its job runs", async () => {
    const task = { title: "Roll back", ownerId: lin.userId, minutes: 10 };
    const id = await createTask(t.ctx(ada), { incident, task });
    await boxEnds();
    await boxEnds();
    await requeueTaskBoxes(t.core);
    expect(boxes().filter((job) => job.data.taskId === id)).toHaveLength(1);
    const overdue = (await told()).filter(({ type }) => type === "task.overdue");
    expect(overdue).toHaveLength(1);
    expect(overdue[0]).toMatchObject({
      actorName: "Muster",
      data: { taskId: id, title: "Roll back", ownerId: lin.userId, owner: "Lin" },
    });
    expect((await one(id))?.overdueAt).toBe(at(10).toISOString());
  });

  test("that was told is told again only as another box", async () => {
    const id = await createTask(t.ctx(ada), { incident, task: { title: "Roll back", minutes: 10 } });
    await boxEnds();
    await change(ada, id, { extendMinutes: 5 });
    expect((await one(id))?.overdueAt).toBeNull();
    await boxEnds(0);
    expect((await toldTypes()).filter((type) => type === "task.overdue")).toHaveLength(1);
    await boxEnds();
    expect((await toldTypes()).filter((type) => type === "task.overdue")).toHaveLength(2);
  });

  test.each<[string, (id: string) => Promise<unknown>]>([
    ["the task is done", (id) => change(lin, id, { status: "done" })],
    ["the task is cancelled", (id) => change(lin, id, { status: "cancelled" })],
    ["the box was made longer", (id) => change(lin, id, { extendMinutes: 5 })],
    ["the box was taken away", (id) => change(lin, id, { dueAt: null })],
    ["the incident is resolved", () => resolveIncident(t.ctx(ada), { incident, summary: "Rolled back" })],
  ])("is not told when %s", async (_, meanwhile) => {
    const id = await createTask(t.ctx(ada), { incident, task: { title: "Roll back", minutes: 10 } });
    t.clock.at = at(5);
    await meanwhile(id);
    await boxEnds(0);
    expect(await toldTypes()).not.toContain("task.overdue");
  });

  test("that ended behind a tick or a resolved incident is told when both are open again", async () => {
    const id = await createTask(t.ctx(ada), { incident, task: { title: "Roll back", minutes: 10 } });
    await resolveIncident(t.ctx(ada), { incident, summary: "" });
    await boxEnds();
    t.clock.at = at(20);
    await reopenIncident(t.ctx(ada), { incident });
    await change(lin, id, { status: "done" });
    await boxEnds();
    expect(await toldTypes()).not.toContain("task.overdue");
    await change(lin, id, { status: "open" });
    await boxEnds();
    expect((await toldTypes()).filter((type) => type === "task.overdue")).toHaveLength(1);
  });

  test("is watched again by a start whose queue is empty", async () => {
    const id = await createTask(t.ctx(ada), { incident, task: { title: "Roll back", minutes: 10 } });
    t.jobs.length = 0;
    await requeueTaskBoxes(t.core);
    expect(boxes().filter((job) => job.data.taskId === id)).toHaveLength(1);
  });
});
