import { and, eq, inArray, isNotNull, isNull } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { incidents, tasks } from "#/db/schema/index.ts";
import { systemActor } from "#/server/access/index.ts";
import { type Core, ctxFor, recordEvent } from "#/server/events/index.ts";
import { lockIncident } from "#/server/incidents/index.ts";
import { openStatuses } from "#/server/incidents/shared/lists.ts";
import { isBoxToTell, type TaskRow } from "./rules.ts";
import { ownerNameOf } from "./store.ts";

export const BOX_ENDED_JOB = "tasks.box_ended";
/** More boxes than this run out at once nowhere; the rest is looked at by the next start. */
const REQUEUED_MAX = 5_000;

type Boxed = Pick<TaskRow, "id" | "dueAt">;

/** Has the end of a task's time box told when it comes. In the caller's transaction; a second job for the same box does nothing. */
export async function watchBox(tx: Sql, core: Pick<Core, "queue">, task: Boxed): Promise<void> {
  if (!task.dueAt) return;
  const data = { taskId: task.id, dueAt: task.dueAt.toISOString() };
  await core.queue.enqueue(tx, BOX_ENDED_JOB, data, { startAt: task.dueAt });
}

/**
 * Tells the room that a task's time box ended: once for each box, and not when the task is done or cancelled, the box
 * is another one by now, or nobody works on the incident any more. One transaction, safe to repeat.
 */
export async function tellBoxEnded(core: Core, box: { taskId: string; dueAt: Date }): Promise<void> {
  const ctx = ctxFor(core, systemActor);
  await core.db.transaction(async (tx) => {
    const [found] = await tx.select({ incidentId: tasks.incidentId }).from(tasks).where(eq(tasks.id, box.taskId));
    if (!found) return;
    const incident = await lockIncident(tx, ctx, found.incidentId);
    const [task] = await tx.select().from(tasks).where(eq(tasks.id, box.taskId));
    if (!task || !isBoxToTell(task, incident, box.dueAt)) return;
    await tx.update(tasks).set({ overdueAt: ctx.now() }).where(eq(tasks.id, task.id));
    const owner = await ownerNameOf(tx, task.ownerId);
    await recordEvent(tx, ctx, {
      incidentId: incident.id,
      type: "task.overdue",
      data: { taskId: task.id, title: task.title, ownerId: task.ownerId, owner },
      parts: ["tasks"],
    });
  });
}

function untold(q: Sql) {
  return q
    .select({ id: tasks.id, dueAt: tasks.dueAt })
    .from(tasks)
    .innerJoin(incidents, eq(incidents.id, tasks.incidentId))
    .$dynamic();
}
const isUntold = and(
  eq(tasks.status, "open"),
  isNotNull(tasks.dueAt),
  isNull(tasks.overdueAt),
  inArray(incidents.status, [...openStatuses]),
);

/** Watches boxes again after the queue has started: what a restored backup brought has no jobs. */
export async function requeueTaskBoxes(core: Core): Promise<void> {
  await core.db.transaction(async (tx) => {
    for (const task of await untold(tx).where(isUntold).limit(REQUEUED_MAX)) await watchBox(tx, core, task);
  });
}

/** Registers the worker of time boxes, and has boxes that ended in a closed incident told when it is open again. */
export function registerTaskJobs(core: Core): void {
  core.queue.work(BOX_ENDED_JOB, {}, (data) =>
    tellBoxEnded(core, { taskId: String(data.taskId), dueAt: new Date(String(data.dueAt)) }),
  );
  for (const type of ["incident.reopened", "incident.unmerged"] as const) {
    core.handlers.on(type, async (tx, ctx, { incidentId }) => {
      const again = await untold(tx).where(and(isUntold, eq(tasks.incidentId, incidentId)));
      for (const task of again) await watchBox(tx, ctx, task);
    });
  }
}
