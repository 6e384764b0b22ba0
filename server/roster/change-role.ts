import { eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { rosterRoles } from "#/db/schema/index.ts";
import { can, requireAbility, userIdOf } from "#/server/access/index.ts";
import { type Ctx, type EventType, recordEvent } from "#/server/events/index.ts";
import { accessTo, lockIncident, requirePerson } from "#/server/incidents/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { presenceOf } from "./presence.ts";
import { takeOverRefusal } from "./rules.ts";
import { awaySince } from "./shared/away.ts";
import { incidentRoles, ROLES_MAX } from "./shared/lists.ts";

type Input<T = object> = { incident: string; role: string } & T;
type Row = typeof rosterRoles.$inferSelect;

async function readRole(tx: Sql, incidentId: string, role: string): Promise<Row | undefined> {
  const all = await tx.select().from(rosterRoles).where(eq(rosterRoles.incidentId, incidentId));
  const own = all.filter((row) => !(incidentRoles as readonly string[]).includes(row.role));
  const isNew = !(incidentRoles as readonly string[]).includes(role) && !own.some((row) => row.role === role);
  if (isNew && own.length + incidentRoles.length >= ROLES_MAX) {
    throw new AppError("conflict", `An incident has at most ${ROLES_MAX} roles.`);
  }
  return all.find((row) => row.role === role);
}

async function writeRole(tx: Sql, row: Omit<Row, "heldSince"> & { heldSince: Date | null }): Promise<void> {
  const { incidentId, role, ...fields } = row;
  await tx
    .insert(rosterRoles)
    .values(row)
    .onConflictDoUpdate({ target: [rosterRoles.incidentId, rosterRoles.role], set: fields });
}

function callerId(ctx: Ctx): string {
  const userId = userIdOf(ctx.actor);
  if (!userId) throw new AppError("forbidden", "Only people hold roles.");
  return userId;
}

type Step = { holderId: string | null; event: EventType; data: Record<string, unknown> };

/** Locks the incident, asks `decide` for the next holder, writes it and records the event. */
async function changeHolder(
  ctx: Ctx,
  input: Input,
  decide: (tx: Sql, current: Row | undefined) => Promise<Step | null>,
): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const incident = await lockIncident(tx, ctx, input.incident);
    requireAbility(ctx.actor, "roster.write", await accessTo(tx, ctx, incident));
    const step = await decide(tx, await readRole(tx, incident.id, input.role));
    if (!step) return;
    await writeRole(tx, {
      incidentId: incident.id,
      role: input.role,
      holderId: step.holderId,
      heldSince: step.holderId ? ctx.now() : null,
      offeredToId: null,
      offeredAt: null,
    });
    await recordEvent(tx, ctx, {
      incidentId: incident.id,
      type: step.event,
      data: { role: input.role, ...step.data },
      parts: ["roster", "incident"],
    });
  });
}

/**
 * Fills an empty role or one's own; an administrator also replaces a holder.
 * One transaction. Safe to repeat. @throws AppError "conflict" when somebody else holds it: offer or take over instead.
 */
export async function claimRole(ctx: Ctx, input: Input<{ userId?: string | undefined }>): Promise<void> {
  const userId = input.userId ?? callerId(ctx);
  await changeHolder(ctx, input, async (tx, current) => {
    if (current?.holderId === userId) return null;
    const mayReplace = current?.holderId === userIdOf(ctx.actor) || can(ctx.actor, "roster.assign");
    if (current?.holderId && !mayReplace) {
      throw new AppError(
        "conflict",
        `Somebody holds the role ${input.role}. Ask for a hand-over, or take over with a reason.`,
      );
    }
    const person = await requirePerson(tx, userId);
    const isOwn = userId === userIdOf(ctx.actor);
    return {
      holderId: person.id,
      event: isOwn ? "role.claimed" : "role.assigned",
      data: { holderId: person.id, holderName: person.name },
    };
  });
}

/** Accepts a role that was offered to the caller. One transaction. @throws AppError "conflict" without such an offer. */
export async function acceptRole(ctx: Ctx, input: Input): Promise<void> {
  const userId = callerId(ctx);
  await changeHolder(ctx, input, async (tx, current) => {
    if (current?.holderId === userId) return null;
    if (current?.offeredToId !== userId)
      throw new AppError("conflict", `The role ${input.role} is not offered to you.`);
    const from = current.holderId ? await requirePerson(tx, current.holderId).catch(() => null) : null;
    return {
      holderId: userId,
      event: "role.accepted",
      data: { holderId: userId, holderName: ctx.actor.name, from: from?.name ?? null },
    };
  });
}

/** @throws AppError "conflict" while the holder is here, or has not been away for long enough */
async function requireAbsence(tx: Sql, ctx: Ctx, current: Row, holder: { id: string; name: string }): Promise<void> {
  if (can(ctx.actor, "roster.assign")) return;
  const presence = await presenceOf(tx, { incidentId: current.incidentId, userId: holder.id });
  const heldSince = current.heldSince ?? ctx.now();
  const away = awaySince(presence, heldSince);
  const { role } = current;
  const joinedAt = presence?.joinedAt ?? null;
  const refusal = takeOverRefusal({ role, holder: holder.name, heldSince, joinedAt, away }, ctx.now());
  if (refusal) throw new AppError("conflict", refusal);
}

/**
 * Takes a role from a holder who is absent, with a reason that stands in the timeline; an administrator from anybody.
 * One transaction. @throws AppError "conflict" while the holder is in the room, or left it less than three minutes ago
 */
export async function takeOverRole(ctx: Ctx, input: Input<{ reason: string }>): Promise<void> {
  const userId = callerId(ctx);
  await changeHolder(ctx, input, async (tx, current) => {
    if (current?.holderId === userId) return null;
    // Somebody whose account ended is nobody to ask.
    const from = current?.holderId ? await requirePerson(tx, current.holderId).catch(() => null) : null;
    if (current && from) await requireAbsence(tx, ctx, current, from);
    return {
      holderId: userId,
      event: "role.taken_over",
      data: { holderId: userId, holderName: ctx.actor.name, from: from?.name ?? null, reason: input.reason },
    };
  });
}

/** Gives a role up: one's own, or as an administrator anybody's. One transaction, safe to repeat. */
export async function releaseRole(ctx: Ctx, input: Input): Promise<void> {
  await changeHolder(ctx, input, async (tx, current) => {
    if (!current?.holderId) return null;
    if (current.holderId !== userIdOf(ctx.actor) && !can(ctx.actor, "roster.assign")) {
      throw new AppError("conflict", "Only its holder or an administrator gives a role up.");
    }
    const holder = await requirePerson(tx, current.holderId).catch(() => null);
    return { holderId: null, event: "role.released", data: { holderName: holder?.name ?? "" } };
  });
}

/**
 * Offers a role to somebody; the holder keeps it until they accept.
 * One transaction. @throws AppError "conflict" when the caller neither holds it nor administrates, and somebody else does.
 */
export async function offerRole(ctx: Ctx, input: Input<{ userId: string }>): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const incident = await lockIncident(tx, ctx, input.incident);
    requireAbility(ctx.actor, "roster.write", await accessTo(tx, ctx, incident));
    const current = await readRole(tx, incident.id, input.role);
    const isOwn = !current?.holderId || current.holderId === userIdOf(ctx.actor);
    if (!isOwn && !can(ctx.actor, "roster.assign")) {
      throw new AppError("conflict", `Only the holder of ${input.role} can offer it. You can take over with a reason.`);
    }
    const person = await requirePerson(tx, input.userId);
    if (current?.offeredToId === person.id) return;
    await writeRole(tx, {
      incidentId: incident.id,
      role: input.role,
      holderId: current?.holderId ?? null,
      heldSince: current?.heldSince ?? null,
      offeredToId: person.id,
      offeredAt: ctx.now(),
    });
    await recordEvent(tx, ctx, {
      incidentId: incident.id,
      type: "role.offered",
      data: { role: input.role, holderId: person.id, holderName: person.name },
      parts: ["roster", "incident"],
    });
  });
}

/** Takes the offer of a role away, and tells whose it was; the holder stays who it is. */
async function endOffer(
  ctx: Ctx,
  input: Input,
  decide: (current: Row & { offeredToId: string }) => { event: EventType; data?: Record<string, unknown> },
): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const incident = await lockIncident(tx, ctx, input.incident);
    requireAbility(ctx.actor, "roster.write", await accessTo(tx, ctx, incident));
    const current = await readRole(tx, incident.id, input.role);
    if (!current?.offeredToId) throw new AppError("conflict", `The role ${input.role} is not offered to anybody.`);
    const { event, data } = decide({ ...current, offeredToId: current.offeredToId });
    const offered = await requirePerson(tx, current.offeredToId).catch(() => null);
    await writeRole(tx, { ...current, offeredToId: null, offeredAt: null });
    await recordEvent(tx, ctx, {
      incidentId: incident.id,
      type: event,
      data: { role: input.role, holderId: current.offeredToId, holderName: offered?.name ?? "", ...data },
      parts: ["roster", "incident"],
    });
  });
}

/** Declines a role that was offered to the caller. One transaction. @throws AppError "conflict" without such an offer */
export async function declineRole(ctx: Ctx, input: Input<{ reason?: string | undefined }>): Promise<void> {
  const userId = callerId(ctx);
  await endOffer(ctx, input, (current) => {
    if (current.offeredToId !== userId) throw new AppError("conflict", `The role ${input.role} is not offered to you.`);
    return { event: "role.declined", data: { reason: input.reason ?? "" } };
  });
}

/**
 * Takes an offer back: the holder's right, an administrator's, and everybody's while nobody holds the role.
 * One transaction. @throws AppError "conflict" without an offer, or when another holds it
 */
export async function withdrawOffer(ctx: Ctx, input: Input): Promise<void> {
  await endOffer(ctx, input, (current) => {
    const isOwn = !current.holderId || current.holderId === userIdOf(ctx.actor);
    if (!isOwn && !can(ctx.actor, "roster.assign")) {
      throw new AppError("conflict", `Only the holder of ${input.role} or an administrator takes the offer back.`);
    }
    return { event: "role.withdrawn" };
  });
}
