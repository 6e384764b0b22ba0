import { count, eq } from "drizzle-orm";
import { tasks } from "#/db/schema/index.ts";
import { requireAbility, userIdOf } from "#/server/access/index.ts";
import { type Ctx, recordEvent } from "#/server/events/index.ts";
import { accessTo, lockIncident, requirePerson } from "#/server/incidents/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { wellFormedText } from "#/server/platform/well-formed.ts";
import type { CreateTaskInput } from "./contract.ts";
import { TASKS_MAX } from "./shared/lists.ts";

const MINUTE_MS = 60_000;

/** Gives somebody something to do, in a time box if one is said. One transaction; answers with the task's id. */
export async function createTask(ctx: Ctx, input: { incident: string; task: CreateTaskInput }): Promise<string> {
  return ctx.db.transaction(async (tx) => {
    const incident = await lockIncident(tx, ctx, input.incident);
    requireAbility(ctx.actor, "tasks.write", await accessTo(tx, ctx, incident));
    const [existing] = await tx.select({ n: count() }).from(tasks).where(eq(tasks.incidentId, incident.id));
    if ((existing?.n ?? 0) >= TASKS_MAX) throw new AppError("conflict", `An incident has at most ${TASKS_MAX} tasks.`);
    const { ownerId, minutes, dueAt } = input.task;
    const owner = ownerId ? await requirePerson(tx, ownerId) : null;
    const title = wellFormedText(input.task.title);
    const boxEnd = minutes ? new Date(ctx.now().getTime() + minutes * MINUTE_MS) : null;
    const [task] = await tx
      .insert(tasks)
      .values({
        incidentId: incident.id,
        title,
        ownerId: owner?.id ?? null,
        dueAt: dueAt ? new Date(dueAt) : boxEnd,
        createdById: userIdOf(ctx.actor),
        createdAt: ctx.now(),
        // What one gives oneself is seen.
        acknowledgedAt: owner && owner.id === userIdOf(ctx.actor) ? ctx.now() : null,
      })
      .returning({ id: tasks.id });
    if (!task) throw new Error("an inserted task was not returned");
    await recordEvent(tx, ctx, {
      incidentId: incident.id,
      type: "task.created",
      data: { taskId: task.id, title, owner: owner?.name ?? null },
      parts: ["tasks"],
    });
    return task.id;
  });
}
