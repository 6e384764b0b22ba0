import { and, eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { plannedUpdates, rosterRoles, users } from "#/db/schema/index.ts";
import { requireAbility, type UserActor } from "#/server/access/index.ts";
import { type Ctx, ctxFor } from "#/server/events/index.ts";
import { accessTo, type IncidentRow, lockIncident } from "#/server/incidents/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { correctUpdateInput, publishUpdateInput } from "../contract.ts";

export type PlannedRow = typeof plannedUpdates.$inferSelect;

/** Locks an incident and one of its planned updates, for somebody who may publish. @throws AppError "not_found" | "forbidden" */
export async function lockPlanned(
  tx: Sql,
  ctx: Ctx,
  key: string,
  plannedId: string,
): Promise<{ incident: IncidentRow; planned: PlannedRow }> {
  const incident = await lockIncident(tx, ctx, key);
  requireAbility(ctx.actor, "updates.publish", await accessTo(tx, ctx, incident));
  const [planned] = await tx
    .select()
    .from(plannedUpdates)
    .where(and(eq(plannedUpdates.id, plannedId), eq(plannedUpdates.incidentId, incident.id)));
  if (!planned) throw new AppError("not_found", "There is no such planned update.");
  return { incident, planned };
}

/** Writes changed columns, in the caller's transaction under the incident's lock. */
export async function savePlanned(tx: Sql, id: string, change: Partial<PlannedRow>): Promise<PlannedRow> {
  const [row] = await tx.update(plannedUpdates).set(change).where(eq(plannedUpdates.id, id)).returning();
  if (!row) throw new Error("a planned update that was locked is gone");
  return row;
}

/** Who commands an incident, or null. */
export async function commanderOf(q: Sql, incidentId: string): Promise<{ id: string; name: string } | null> {
  const [row] = await q
    .select({ id: users.id, name: users.name })
    .from(rosterRoles)
    .innerJoin(users, eq(users.id, rosterRoles.holderId))
    .where(and(eq(rosterRoles.incidentId, incidentId), eq(rosterRoles.role, "commander")));
  return row ?? null;
}

/** What a row will publish, read as the API would. */
export function contentOf(row: Pick<PlannedRow, "content">) {
  return {
    update: () => publishUpdateInput.parse(row.content),
    correction: () => correctUpdateInput.parse(row.content),
  };
}

/** The text of what a row holds. */
export function bodyOf(content: Record<string, unknown>): string {
  return typeof content.body === "string" ? content.body : "";
}

/**
 * A context in which something goes out in the name of whoever asked for it, with what their account may now.
 * @throws AppError "conflict" when there is no such account any more
 */
export async function ctxOfAsker(tx: Sql, ctx: Ctx, row: PlannedRow): Promise<Ctx> {
  const [user] = row.askedById ? await tx.select().from(users).where(eq(users.id, row.askedById)) : [];
  if (!user || user.disabledAt) {
    throw new AppError("conflict", `The account of ${row.askedByName} was closed: somebody else has to ask for this.`);
  }
  const actor: UserActor = { kind: "user", userId: user.id, name: user.name, email: user.email, role: user.role };
  return ctxFor(ctx, actor, ctx.requestId);
}
