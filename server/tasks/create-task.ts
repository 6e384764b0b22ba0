import { tasks } from "#/db/schema/index.ts";
import { requireAbility, userIdOf } from "#/server/access/index.ts";
import { type Ctx, recordEvent } from "#/server/events/index.ts";
import { accessTo, lockIncident } from "#/server/incidents/index.ts";
import { wellFormedText } from "#/server/platform/well-formed.ts";
import type { CreateTaskInput } from "./contract.ts";
import { boxEnd } from "./rules.ts";
import { requireOwner, requireRoom } from "./store.ts";
import { watchBox } from "./time-box.ts";

/**
 * Gives somebody something to do, in a time box if one is said; answers with the task's id.
 * One transaction: task, events and the job that watches the box.
 * @throws AppError "not_found" | "forbidden" | "conflict" when there are too many, or the owner may not see the incident
 */
export async function createTask(ctx: Ctx, input: { incident: string; task: CreateTaskInput }): Promise<string> {
  return ctx.db.transaction(async (tx) => {
    const incident = await lockIncident(tx, ctx, input.incident);
    requireAbility(ctx.actor, "tasks.write", await accessTo(tx, ctx, incident));
    await requireRoom(tx, incident.id, 1);
    const { ownerId, minutes, dueAt } = input.task;
    const owner = ownerId ? await requireOwner(tx, incident, ownerId) : null;
    const title = wellFormedText(input.task.title);
    const now = ctx.now();
    const [task] = await tx
      .insert(tasks)
      .values({
        incidentId: incident.id,
        title,
        ownerId: owner?.id ?? null,
        dueAt: dueAt ? new Date(dueAt) : minutes ? boxEnd(now, minutes) : null,
        createdById: userIdOf(ctx.actor),
        createdAt: now,
        // What one gives oneself, one has.
        acknowledgedAt: owner && owner.id === userIdOf(ctx.actor) ? now : null,
      })
      .returning({ id: tasks.id, dueAt: tasks.dueAt });
    if (!task) throw new Error("an inserted task was not returned");
    await watchBox(tx, ctx, task);
    const event = { incidentId: incident.id, parts: ["tasks"] as const };
    await recordEvent(tx, ctx, { ...event, type: "task.created", data: { taskId: task.id, title } });
    if (owner) {
      const data = { taskId: task.id, title, ownerId: owner.id, owner: owner.name };
      await recordEvent(tx, ctx, { ...event, type: "task.assigned", data });
    }
    return task.id;
  });
}
