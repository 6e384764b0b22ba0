import { and, eq, inArray, isNull } from "drizzle-orm";
import { tasks } from "#/db/schema/index.ts";
import { requireAbility, userIdOf } from "#/server/access/index.ts";
import { type Ctx, recordEvent } from "#/server/events/index.ts";
import { accessTo, lockIncident } from "#/server/incidents/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { checklistOf, runbookOf } from "#/server/runbooks/index.ts";
import { requireRoom } from "./store.ts";

type Named = { incident: string; runbookId: string };

/**
 * Makes tasks of a runbook's checklist: the steps that are not tasks of this incident yet, in their order.
 *
 * One transaction with one event, all or nothing. Safe to repeat: a second press adds only what is new, and a step
 * that was cancelled or renamed is not made again. Answers with the ids of what was made.
 * @throws AppError "not_found" | "forbidden" | "conflict" for a runbook without a checklist, or when there are too many tasks
 */
export async function makeRunbookTasks(ctx: Ctx, input: Named): Promise<string[]> {
  return ctx.db.transaction(async (tx) => {
    const incident = await lockIncident(tx, ctx, input.incident);
    requireAbility(ctx.actor, "tasks.write", await accessTo(tx, ctx, incident));
    const runbook = await runbookOf(tx, incident.id, input.runbookId);
    const { steps } = checklistOf(runbook.text);
    if (steps.length === 0) {
      throw new AppError("conflict", "This runbook has no checklist here. A line such as “- [ ] step” makes one.");
    }
    const known = await tx
      .select({ step: tasks.runbookStep })
      .from(tasks)
      .where(and(eq(tasks.incidentId, incident.id), eq(tasks.runbookId, runbook.id)));
    const isKnown = new Set(known.map(({ step }) => step));
    const fresh = steps.filter((step) => !isKnown.has(step));
    if (fresh.length === 0) return [];
    await requireRoom(tx, incident.id, fresh.length);
    const shared = { incidentId: incident.id, runbookId: runbook.id, createdAt: ctx.now() };
    const createdById = userIdOf(ctx.actor);
    const made = await tx
      .insert(tasks)
      .values(fresh.map((step, position) => ({ ...shared, createdById, title: step, runbookStep: step, position })))
      .returning({ id: tasks.id });
    await recordEvent(tx, ctx, {
      incidentId: incident.id,
      type: "runbook.tasks_made",
      data: { runbookId: runbook.id, runbook: runbook.title, count: made.length },
      parts: ["tasks"],
    });
    return made.map(({ id }) => id);
  });
}

/**
 * Takes back tasks that a press made of a runbook: those that nobody has taken, done or cancelled since. Their steps
 * can become tasks again. One transaction, safe to repeat; answers with how many went.
 * @throws AppError "not_found" | "forbidden"
 */
export async function undoRunbookTasks(ctx: Ctx, input: Named & { taskIds: readonly string[] }): Promise<number> {
  return ctx.db.transaction(async (tx) => {
    const incident = await lockIncident(tx, ctx, input.incident);
    requireAbility(ctx.actor, "tasks.write", await accessTo(tx, ctx, incident));
    const runbook = await runbookOf(tx, incident.id, input.runbookId);
    const gone = await tx
      .delete(tasks)
      .where(
        and(
          eq(tasks.incidentId, incident.id),
          eq(tasks.runbookId, runbook.id),
          inArray(tasks.id, [...input.taskIds]),
          eq(tasks.status, "open"),
          isNull(tasks.ownerId),
        ),
      )
      .returning({ id: tasks.id });
    if (gone.length === 0) return 0;
    await recordEvent(tx, ctx, {
      incidentId: incident.id,
      type: "runbook.tasks_undone",
      data: { runbookId: runbook.id, runbook: runbook.title, count: gone.length },
      parts: ["tasks"],
    });
    return gone.length;
  });
}
