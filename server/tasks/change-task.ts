import { and, eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { tasks } from "#/db/schema/index.ts";
import { requireAbility, userIdOf } from "#/server/access/index.ts";
import { type Ctx, recordEvent } from "#/server/events/index.ts";
import { accessTo, lockIncident } from "#/server/incidents/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import type { ChangeTaskInput } from "./contract.ts";
import { changedTask, type TaskRow } from "./rules.ts";
import { ownerNameOf, requireOwner } from "./store.ts";
import { watchBox } from "./time-box.ts";

/** What of a change is told as `task.changed`, the most telling first; null when other events say it all. */
function changeWord(before: TaskRow, after: TaskRow): string | null {
  if (after.status !== before.status) {
    return after.status === "done" ? null : after.status === "open" ? "reopened" : "cancelled";
  }
  if (!after.ownerId && before.ownerId) return "released";
  if (after.title !== before.title) return "renamed";
  return after.dueAt?.getTime() === before.dueAt?.getTime() ? null : "time box";
}

async function recordChange(
  tx: Sql,
  ctx: Ctx,
  before: TaskRow,
  after: TaskRow,
  { extendMinutes }: ChangeTaskInput,
): Promise<void> {
  const event = { incidentId: after.incidentId, parts: ["tasks"] as const };
  const data = { taskId: after.id, title: after.title };
  const owned = { ...data, ownerId: after.ownerId };
  if (after.ownerId && after.ownerId !== before.ownerId) {
    const owner = await ownerNameOf(tx, after.ownerId);
    await recordEvent(tx, ctx, { ...event, type: "task.assigned", data: { ...owned, owner } });
  } else if (after.acknowledgedAt && !before.acknowledgedAt) {
    await recordEvent(tx, ctx, { ...event, type: "task.acknowledged", data: owned });
  }
  if (after.status === "done" && before.status !== "done") {
    await recordEvent(tx, ctx, { ...event, type: "task.done", data });
  }
  const what = changeWord(before, after);
  if (!what) return;
  await recordEvent(tx, ctx, {
    ...event,
    type: "task.changed",
    data: {
      ...data,
      status: after.status,
      what,
      ...(after.title !== before.title && { from: before.title }),
      ...(what === "time box" && { dueAt: after.dueAt?.toISOString() ?? null, minutes: extendMinutes ?? null }),
    },
  });
}

/**
 * Changes, hands on, extends, acknowledges, finishes or cancels a task.
 *
 * One transaction: task, its events, and the job of a new time box. Safe to repeat, but for `extendMinutes`: each adds.
 * @throws AppError "not_found" | "forbidden" | "conflict" when somebody acknowledges for another
 */
export async function changeTask(
  ctx: Ctx,
  input: { incident: string; taskId: string; change: ChangeTaskInput },
): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const incident = await lockIncident(tx, ctx, input.incident);
    requireAbility(ctx.actor, "tasks.write", await accessTo(tx, ctx, incident));
    const [before] = await tx
      .select()
      .from(tasks)
      .where(and(eq(tasks.id, input.taskId), eq(tasks.incidentId, incident.id)));
    if (!before) throw new AppError("not_found", "There is no such task in this incident.");
    if (input.change.ownerId) await requireOwner(tx, incident, input.change.ownerId);
    const changed = changedTask(before, input.change, { userId: userIdOf(ctx.actor), now: ctx.now() });
    if (Object.keys(changed).length === 0) return;
    const [after] = await tx.update(tasks).set(changed).where(eq(tasks.id, before.id)).returning();
    if (!after) return;
    // A task that is open again has its box still before it, or behind it and untold.
    if (after.status === "open" && (changed.dueAt || changed.status) && !after.overdueAt)
      await watchBox(tx, ctx, after);
    await recordChange(tx, ctx, before, after, input.change);
  });
}
