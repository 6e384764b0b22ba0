import { and, eq, isNull } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { incidentPresence, incidents, rosterRoles } from "#/db/schema/index.ts";
import { type Core, type Ctx, touchRoom } from "#/server/events/index.ts";

type Who = { incidentId: string; userId: string };
export type PresenceRow = typeof incidentPresence.$inferSelect;

function isOf({ incidentId, userId }: Who) {
  return and(eq(incidentPresence.incidentId, incidentId), eq(incidentPresence.userId, userId));
}

/** What is known of somebody in a room; undefined when they never entered it. */
export async function presenceOf(q: Sql, who: Who): Promise<PresenceRow | undefined> {
  const [row] = await q.select().from(incidentPresence).where(isOf(who));
  return row;
}

async function holdsRole(tx: Sql, { incidentId, userId }: Who): Promise<boolean> {
  const held = await tx
    .select({ role: rosterRoles.role })
    .from(rosterRoles)
    .where(and(eq(rosterRoles.incidentId, incidentId), eq(rosterRoles.holderId, userId)));
  return held.length > 0;
}

/**
 * Writes down that somebody entered a room, is no longer or again at it, or left it with their last tab. Part of the caller's transaction, safe to repeat.
 * The room hears when they hold a role.
 */
export async function recordPresence(
  tx: Sql,
  ctx: Ctx,
  who: Who & { isHere: boolean; isIdle: boolean },
): Promise<void> {
  const { incidentId, userId, isHere, isIdle } = who;
  const now = ctx.now();
  const [incident] = await tx.select({ id: incidents.id }).from(incidents).where(eq(incidents.id, incidentId));
  if (!incident) return;
  const before = await presenceOf(tx, who);
  if (isHere) {
    if (before && !before.leftAt) {
      if (isIdle !== (before.idleSince !== null)) {
        await tx
          .update(incidentPresence)
          .set({ idleSince: isIdle ? now : null })
          .where(isOf(who));
      }
      return;
    }
    const fields = { joinedAt: now, leftAt: null, idleSince: isIdle ? now : null };
    await tx
      .insert(incidentPresence)
      .values({ incidentId, userId, ...fields })
      .onConflictDoUpdate({ target: [incidentPresence.incidentId, incidentPresence.userId], set: fields });
  } else {
    if (!before || before.leftAt) return;
    await tx.update(incidentPresence).set({ leftAt: now }).where(isOf(who));
  }
  if (await holdsRole(tx, who)) await touchRoom(tx, ctx, incidentId, ["roster"]);
}

/**
 * At a start: whoever the process before left in a room is away from now on, and not absent before their time is over.
 * Before sockets are taken. Safe to repeat.
 */
export async function closeLeftPresence(core: Core): Promise<void> {
  await core.db.read.update(incidentPresence).set({ leftAt: core.now() }).where(isNull(incidentPresence.leftAt));
}
