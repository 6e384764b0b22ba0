import { and, eq } from "drizzle-orm";
import { tasks } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type Ctx, recordEvent, touchRoom } from "#/server/events/index.ts";
import { accessTo, lockIncident, requirePerson } from "#/server/incidents/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { wellFormedText } from "#/server/platform/well-formed.ts";
import type { ChangeTaskInput } from "./contract.ts";

type TaskRow = typeof tasks.$inferSelect;

/** Only what the input names is changed; a new owner has not seen the task yet. */
function changedColumns(before: TaskRow, change: ChangeTaskInput, now: Date): Partial<TaskRow> {
  return {
    ...(change.title !== undefined && { title: wellFormedText(change.title) }),
    ...(change.ownerId !== undefined &&
      change.ownerId !== before.ownerId && { ownerId: change.ownerId, acknowledgedAt: null }),
    ...(change.dueAt !== undefined && { dueAt: change.dueAt ? new Date(change.dueAt) : null }),
    ...(change.status !== undefined && {
      status: change.status,
      doneAt: change.status === "done" ? (before.doneAt ?? now) : null,
    }),
    ...(change.acknowledged && { acknowledgedAt: before.acknowledgedAt ?? now }),
  };
}

/** Changes, finishes or acknowledges a task. One transaction, safe to repeat. @throws AppError "not_found" */
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
    if (input.change.ownerId) await requirePerson(tx, input.change.ownerId);
    const changed = changedColumns(before, input.change, ctx.now());
    if (Object.keys(changed).length === 0) return;
    const [after] = await tx.update(tasks).set(changed).where(eq(tasks.id, before.id)).returning();
    if (!after) return;
    const data = { taskId: after.id, title: after.title };
    const isNewlyDone = after.status === "done" && before.status !== "done";
    const isOtherwiseChanged =
      after.status !== before.status || after.title !== before.title || after.ownerId !== before.ownerId;
    if (isNewlyDone) await recordEvent(tx, ctx, { incidentId: incident.id, type: "task.done", data, parts: ["tasks"] });
    else if (isOtherwiseChanged) {
      await recordEvent(tx, ctx, {
        incidentId: incident.id,
        type: "task.changed",
        data: { ...data, status: after.status },
        parts: ["tasks"],
      });
    } else await touchRoom(tx, ctx, incident.id, ["tasks"]);
  });
}
