import { eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { invitations } from "#/db/schema/index.ts";
import { requireAbility, userIdOf } from "#/server/access/index.ts";
import { type Ctx, recordEvent, touchRoom } from "#/server/events/index.ts";
import { accessTo, lockIncident } from "#/server/incidents/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { wellFormedText } from "#/server/platform/well-formed.ts";
import { findInvitation } from "./invitation-queries.ts";

type Who = { incidentId: string; userId: string };

/**
 * The invited person cannot come now. One transaction, safe to repeat; whoever comes all the same has joined.
 * @throws AppError "not_found" for another's invitation
 */
export async function declineInvitation(
  ctx: Ctx,
  input: { incident: string; invitationId: string; reason?: string | undefined },
): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const row = await lockIncident(tx, ctx, input.incident);
    requireAbility(ctx.actor, "incidents.read", await accessTo(tx, ctx, row));
    const userId = userIdOf(ctx.actor) ?? "";
    const invitation = await findInvitation(tx, { incidentId: row.id, userId });
    if (invitation?.id !== input.invitationId) throw new AppError("not_found", "There is no such invitation for you.");
    if (invitation.declinedAt || invitation.joinedAt) return;
    const reason = wellFormedText(input.reason ?? "");
    const now = ctx.now();
    await tx
      .update(invitations)
      .set({ declinedAt: now, declineReason: reason, seenAt: invitation.seenAt ?? now })
      .where(eq(invitations.id, invitation.id));
    await recordEvent(tx, ctx, {
      incidentId: row.id,
      type: "person.declined",
      data: { userId, name: ctx.actor.name, reason },
      parts: ["invitations"],
    });
  });
}

/** The invited person entered the room. Part of the caller's transaction; nothing for who was not asked or came before. */
export async function markJoined(tx: Sql, ctx: Ctx, who: Who): Promise<void> {
  const invitation = await findInvitation(tx, who);
  if (!invitation || invitation.joinedAt) return;
  const now = ctx.now();
  await tx
    .update(invitations)
    .set({ joinedAt: now, seenAt: invitation.seenAt ?? now })
    .where(eq(invitations.id, invitation.id));
  await recordEvent(tx, ctx, {
    incidentId: who.incidentId,
    type: "person.joined",
    data: { userId: who.userId, name: ctx.actor.name },
    parts: ["invitations"],
  });
}

/** A channel took the invitation. Part of the caller's transaction; only the first counts. */
export async function markDelivered(tx: Sql, ctx: Ctx, who: Who & { by: string }): Promise<void> {
  const invitation = await findInvitation(tx, who);
  if (!invitation || invitation.deliveredAt) return;
  await tx
    .update(invitations)
    .set({ deliveredAt: ctx.now(), deliveredBy: who.by })
    .where(eq(invitations.id, invitation.id));
  await touchRoom(tx, ctx, who.incidentId, ["invitations"]);
}

/** The invited person looked at it. Part of the caller's transaction, safe to repeat. */
export async function markSeen(tx: Sql, ctx: Ctx, who: Who): Promise<void> {
  const invitation = await findInvitation(tx, who);
  if (!invitation || invitation.seenAt) return;
  await tx.update(invitations).set({ seenAt: ctx.now() }).where(eq(invitations.id, invitation.id));
  await touchRoom(tx, ctx, who.incidentId, ["invitations"]);
}
