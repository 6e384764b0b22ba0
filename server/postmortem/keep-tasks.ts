import { and, asc, count, eq, isNotNull, isNull } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { actionItems, tasks } from "#/db/schema/index.ts";
import { type Core, type Ctx, type EventType, touchRoom } from "#/server/events/index.ts";
import { ACTION_ITEMS_PER_INCIDENT_MAX } from "./contract.ts";

/**
 * Makes action items of the incident's tasks that are still open, with their owners: one of each task.
 *
 * In the caller's transaction, under the incident's lock. Safe to repeat: a task that has its item is passed over. A
 * list that is full takes no more; what it does not take stays a task.
 */
export async function keepOpenTasks(tx: Sql, ctx: Pick<Ctx, "now">, incidentId: string): Promise<void> {
  const [existing] = await tx.select({ n: count() }).from(actionItems).where(eq(actionItems.incidentId, incidentId));
  const left = await tx
    .select({ id: tasks.id, title: tasks.title, ownerId: tasks.ownerId })
    .from(tasks)
    .leftJoin(actionItems, eq(actionItems.taskId, tasks.id))
    .where(and(eq(tasks.incidentId, incidentId), eq(tasks.status, "open"), isNull(actionItems.id)))
    .orderBy(asc(tasks.createdAt), asc(tasks.position), asc(tasks.id))
    .limit(Math.max(0, ACTION_ITEMS_PER_INCIDENT_MAX - (existing?.n ?? 0)));
  if (left.length === 0) return;
  const now = ctx.now().getTime();
  await tx.insert(actionItems).values(
    left.map(({ id, title, ownerId }, index) => ({
      incidentId,
      title,
      taskId: id,
      ownerId,
      // The list goes by time: a millisecond apart they keep the order of the tasks.
      createdAt: new Date(now + index),
    })),
  );
}

/** An action item made of a task is done when the task is, and open again with it: they are one thing. Called once at the start. */
export function followTasks(core: Core): void {
  const follow = (type: EventType, isDone: (data: Record<string, unknown>) => boolean | null) =>
    core.handlers.on(type, async (tx, ctx, { incidentId, data }) => {
      const done = isDone(data);
      if (done === null) return;
      const changed = await tx
        .update(actionItems)
        .set({ doneAt: done ? ctx.now() : null })
        .where(
          and(
            eq(actionItems.taskId, String(data.taskId)),
            done ? isNull(actionItems.doneAt) : isNotNull(actionItems.doneAt),
          ),
        )
        .returning({ id: actionItems.id });
      if (changed.length > 0) await touchRoom(tx, ctx, incidentId, ["postmortem"]);
    });
  follow("task.done", () => true);
  follow("task.changed", (data) => (data.what === "reopened" ? false : null));
}
