import { and, asc, eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { invitations, users } from "#/db/schema/index.ts";
import type { InvitationView } from "./contract.ts";
import { stateOf } from "./rules.ts";
import { INVITATIONS_MAX } from "./shared/lists.ts";

export type InvitationRow = typeof invitations.$inferSelect;

const iso = (at: Date | null) => at?.toISOString() ?? null;

/** Who was asked to an incident, in the order of asking. The caller has checked that it may be seen. */
export async function listInvitations(q: Sql, incidentId: string): Promise<InvitationView[]> {
  const found = await q
    .select({ row: invitations, name: users.name })
    .from(invitations)
    .innerJoin(users, eq(users.id, invitations.userId))
    .where(eq(invitations.incidentId, incidentId))
    .orderBy(asc(invitations.invitedAt), asc(invitations.id))
    .limit(INVITATIONS_MAX);
  return found.map(({ row, name }) => ({
    id: row.id,
    person: { id: row.userId, name },
    state: stateOf(row),
    service: row.serviceName,
    message: row.message,
    invitedBy: row.invitedByName,
    invitedAt: row.invitedAt.toISOString(),
    times: row.times,
    deliveredAt: iso(row.deliveredAt),
    deliveredBy: row.deliveredBy,
    seenAt: iso(row.seenAt),
    joinedAt: iso(row.joinedAt),
    declinedAt: iso(row.declinedAt),
    declineReason: row.declineReason,
  }));
}

/** The invitation of one person to an incident. */
export async function findInvitation(
  q: Sql,
  who: { incidentId: string; userId: string },
): Promise<InvitationRow | undefined> {
  const [row] = await q
    .select()
    .from(invitations)
    .where(and(eq(invitations.incidentId, who.incidentId), eq(invitations.userId, who.userId)));
  return row;
}
