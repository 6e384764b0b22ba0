import { and, eq, isNull } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { incidentMembers, users } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type Ctx, recordAudit, recordEvent } from "#/server/events/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { accessTo, type IncidentRow, lockIncident } from "./store.ts";

type Input = { incident: string; userId: string };

/** A person with an account that is not disabled. @throws AppError "not_found" */
export async function requirePerson(q: Sql, userId: string): Promise<{ id: string; name: string }> {
  const isUuid = /^[0-9a-f-]{36}$/i.test(userId);
  const [person] = isUuid
    ? await q
        .select({ id: users.id, name: users.name })
        .from(users)
        .where(and(eq(users.id, userId), isNull(users.disabledAt)))
    : [];
  if (!person) throw new AppError("not_found", "There is no such person.");
  return person;
}

/**
 * Lets a person see an incident, in the caller's transaction and under the row's lock. Safe to repeat.
 * @throws AppError "forbidden" for who may not let others in
 */
export async function letIn(tx: Sql, ctx: Ctx, row: IncidentRow, person: { id: string; name: string }): Promise<void> {
  requireAbility(ctx.actor, "incidents.members", await accessTo(tx, ctx, row));
  const added = await tx
    .insert(incidentMembers)
    .values({ incidentId: row.id, userId: person.id })
    .onConflictDoNothing()
    .returning();
  if (added.length === 0) return;
  await recordEvent(tx, ctx, { incidentId: row.id, type: "incident.member_added", data: { name: person.name } });
  await recordAudit(tx, ctx, {
    action: "incident.member.add",
    objectKind: "incident",
    objectId: row.id,
    detail: { userId: person.id },
  });
}

/** Lets a person see a private incident. One transaction, safe to repeat. */
export async function addMember(ctx: Ctx, input: Input): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const row = await lockIncident(tx, ctx, input.incident);
    requireAbility(ctx.actor, "incidents.members", await accessTo(tx, ctx, row));
    await letIn(tx, ctx, row, await requirePerson(tx, input.userId));
  });
}

/** Takes a person's sight of a private incident away; their open connections end. One transaction, safe to repeat. */
export async function removeMember(ctx: Ctx, input: Input): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const row = await lockIncident(tx, ctx, input.incident);
    requireAbility(ctx.actor, "incidents.members", await accessTo(tx, ctx, row));
    const person = await requirePerson(tx, input.userId);
    const removed = await tx
      .delete(incidentMembers)
      .where(and(eq(incidentMembers.incidentId, row.id), eq(incidentMembers.userId, person.id)))
      .returning();
    if (removed.length === 0) return;
    await recordEvent(tx, ctx, {
      incidentId: row.id,
      type: "incident.member_removed",
      data: { name: person.name },
      parts: ["incident", "access"],
    });
    await recordAudit(tx, ctx, {
      action: "incident.member.remove",
      objectKind: "incident",
      objectId: row.id,
      detail: { userId: person.id },
    });
  });
}
