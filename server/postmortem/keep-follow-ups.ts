import { count, eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { actionItems, postmortems } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type Ctx, touchRoom } from "#/server/events/index.ts";
import { accessTo, findIncidentOrTarget, lockIncident } from "#/server/incidents/index.ts";
import { readFollowUps } from "./facts.ts";
import { notOpenYet } from "./postmortem-queries.ts";
import { ACTION_ITEMS_PER_INCIDENT_MAX } from "./shared/lists.ts";

/**
 * Makes an action item of each note that is marked to be followed up and has none, as far as the list has room.
 * Part of the caller's transaction, under the incident's row lock. Safe to repeat: a note is followed up once.
 */
export async function keepFollowUps(tx: Sql, ctx: Ctx, incidentId: string): Promise<number> {
  const [existing] = await tx.select({ n: count() }).from(actionItems).where(eq(actionItems.incidentId, incidentId));
  const room = Math.max(0, ACTION_ITEMS_PER_INCIDENT_MAX - (existing?.n ?? 0));
  const open = (await readFollowUps(tx, incidentId)).slice(0, room);
  if (open.length === 0) return 0;
  const values = open.map((followUp) => ({ incidentId, ...followUp, createdAt: ctx.now() }));
  await tx.insert(actionItems).values(values).onConflictDoNothing();
  return open.length;
}

/** The same on request, for notes that were marked after the postmortem opened. One transaction, safe to repeat. @throws AppError "not_found" | "forbidden" */
export async function addFollowUps(ctx: Ctx, input: { incident: string }): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const { row } = await findIncidentOrTarget(tx, ctx, input.incident);
    const incident = await lockIncident(tx, ctx, row.id);
    const access = await accessTo(tx, ctx, incident);
    requireAbility(ctx.actor, "postmortem.write", access);
    requireAbility(ctx.actor, "actionitems.write", access);
    const [open] = await tx.select().from(postmortems).where(eq(postmortems.incidentId, incident.id));
    if (!open) throw notOpenYet(incident.reference);
    if ((await keepFollowUps(tx, ctx, incident.id)) > 0) await touchRoom(tx, ctx, incident.id, ["postmortem"]);
  });
}
