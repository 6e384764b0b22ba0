import { count, eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { actionItems } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type Ctx, touchRoom } from "#/server/events/index.ts";
import { accessTo, findIncidentOrTarget, lockIncident, requirePerson } from "#/server/incidents/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { wellFormedText } from "#/server/platform/well-formed.ts";
import { readActionItem } from "./action-item-queries.ts";
import {
  ACTION_ITEMS_PER_INCIDENT_MAX,
  type ActionItemView,
  type ChangeActionItemInput,
  type CreateActionItemInput,
} from "./contract.ts";

/** Adds something to do after the incident. One transaction. @throws AppError "not_found" | "forbidden" | "conflict" when the list is full */
export async function createActionItem(ctx: Ctx, input: CreateActionItemInput): Promise<ActionItemView> {
  return ctx.db.transaction(async (tx) => {
    const found = await findIncidentOrTarget(tx, ctx, input.incidentId);
    const incident = await lockIncident(tx, ctx, found.row.id);
    requireAbility(ctx.actor, "actionitems.write", await accessTo(tx, ctx, incident));
    const [existing] = await tx.select({ n: count() }).from(actionItems).where(eq(actionItems.incidentId, incident.id));
    if ((existing?.n ?? 0) >= ACTION_ITEMS_PER_INCIDENT_MAX) {
      throw new AppError("conflict", `An incident has at most ${ACTION_ITEMS_PER_INCIDENT_MAX} action items.`);
    }
    const owner = input.ownerId ? await requirePerson(tx, input.ownerId) : null;
    const [item] = await tx
      .insert(actionItems)
      .values({
        incidentId: incident.id,
        title: wellFormedText(input.title),
        ownerId: owner?.id ?? null,
        dueOn: input.dueOn ?? null,
        createdAt: ctx.now(),
      })
      .returning({ id: actionItems.id });
    if (!item) throw new Error("an inserted action item was not returned");
    await touchRoom(tx, ctx, incident.id, ["postmortem"]);
    return readActionItem(tx, ctx, item.id);
  });
}

/** The item and the lock of its incident. @throws AppError "not_found" | "forbidden" */
async function lockItem(tx: Sql, ctx: Ctx, id: string): Promise<ActionItemView> {
  requireAbility(ctx.actor, "actionitems.write");
  const item = await readActionItem(tx, ctx, id);
  const incident = await lockIncident(tx, ctx, item.incident.id);
  requireAbility(ctx.actor, "actionitems.write", await accessTo(tx, ctx, incident));
  return item;
}

/** Changes or finishes an action item; only what the input names. One transaction, safe to repeat. */
export async function changeActionItem(
  ctx: Ctx,
  input: { id: string; change: ChangeActionItemInput },
): Promise<ActionItemView> {
  return ctx.db.transaction(async (tx) => {
    const before = await lockItem(tx, ctx, input.id);
    const { title, ownerId, dueOn, done } = input.change;
    if (ownerId) await requirePerson(tx, ownerId);
    const changed = {
      ...(title !== undefined && { title: wellFormedText(title) }),
      ...(ownerId !== undefined && { ownerId }),
      ...(dueOn !== undefined && { dueOn }),
      ...(done !== undefined && done !== (before.doneAt !== null) && { doneAt: done ? ctx.now() : null }),
    };
    if (Object.keys(changed).length === 0) return before;
    await tx.update(actionItems).set(changed).where(eq(actionItems.id, before.id));
    await touchRoom(tx, ctx, before.incident.id, ["postmortem"]);
    return readActionItem(tx, ctx, before.id);
  });
}

/** Takes an action item off the list. One transaction. @throws AppError "not_found" | "forbidden" */
export async function deleteActionItem(ctx: Ctx, input: { id: string }): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const item = await lockItem(tx, ctx, input.id);
    await tx.delete(actionItems).where(eq(actionItems.id, item.id));
    await touchRoom(tx, ctx, item.incident.id, ["postmortem"]);
  });
}
