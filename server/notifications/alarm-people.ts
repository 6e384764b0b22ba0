import { and, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { incidentPresence, incidentServices, invitations, rosterRoles, services, users } from "#/db/schema/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { isMailAddress } from "#/server/notify/index.ts";
import { readSettings } from "#/server/settings/index.ts";
import { addDeliveries, type NewDelivery } from "#/server/updates/index.ts";
import { noticeOf } from "./reach-person.ts";
import type { Told } from "./told.ts";

/** Addresses that hear of the incident: the organisation's and its services'; and the owners of those. */
export async function whoWasTold(
  tx: Sql,
  ctx: Ctx,
  incidentId: string,
): Promise<{ emails: string[]; owners: string[] }> {
  const { tellEmails } = await readSettings(tx, ctx);
  const found = await tx
    .select({ emails: services.tellEmails, ownerId: services.ownerId })
    .from(incidentServices)
    .innerJoin(services, eq(services.id, incidentServices.serviceId))
    .where(eq(incidentServices.incidentId, incidentId));
  const emails = [...tellEmails, ...found.flatMap((service) => service.emails)].map((email) => email.toLowerCase());
  const owners = found.map((service) => service.ownerId).filter((id) => id !== null);
  return { emails: [...new Set(emails)].filter(isMailAddress), owners };
}

export async function usersOf(tx: Sql, emails: readonly string[]): Promise<{ id: string; email: string }[]> {
  if (emails.length === 0) return [];
  return tx
    .select({ id: users.id, email: sql<string>`lower(${users.email})` })
    .from(users)
    .where(inArray(sql`lower(${users.email})`, [...emails]));
}

/** Who entered the room or was asked to; those who said that they cannot come are left alone. */
export async function whoTakesPart(tx: Sql, incidentId: string): Promise<string[]> {
  const came = await tx.select().from(incidentPresence).where(eq(incidentPresence.incidentId, incidentId));
  const asked = await tx.select().from(invitations).where(eq(invitations.incidentId, incidentId));
  const declined = new Set(asked.filter((row) => row.declinedAt && !row.joinedAt).map((row) => row.userId));
  return [...came, ...asked].map((row) => row.userId).filter((id) => !declined.has(id));
}

/** The channel and the addresses without an account that were told of the incident hear of an alarm too; never of a drill or a private one. */
export async function alarmOutside(told: Told, title: string, body: string, emails: readonly string[]): Promise<void> {
  const { tx, ctx, event, incident } = told;
  if (incident.mode !== "live" || incident.visibility === "private") return;
  const { slack, smtp } = await readSettings(tx, ctx);
  const payload = { ...noticeOf(ctx, { id: null, title, body, entryId: event.id }, incident) };
  payload.why = "You get this because this address hears of incidents in Muster.";
  const subject = { incidentId: incident.id, updateId: null, kind: "notice" as const, payload };
  const wanted: NewDelivery[] = smtp
    ? emails.map((destination) => ({ ...subject, channel: "email", destination }))
    : [];
  if (slack?.channel) wanted.push({ ...subject, channel: "slack", destination: slack.channel });
  await addDeliveries(tx, ctx, wanted);
}

/** Who holds a role of the incident: one person or nobody. */
export async function holderOf(tx: Sql, incidentId: string, role: string): Promise<string[]> {
  const [row] = await tx
    .select({ holderId: rosterRoles.holderId })
    .from(rosterRoles)
    .where(and(eq(rosterRoles.incidentId, incidentId), eq(rosterRoles.role, role)));
  return row?.holderId ? [row.holderId] : [];
}

export const commanderOf = (tx: Sql, incidentId: string) => holderOf(tx, incidentId, "commander");

/** Who is in the room now. */
export async function whoIsHere(tx: Sql, incidentId: string): Promise<string[]> {
  const here = await tx
    .select({ userId: incidentPresence.userId })
    .from(incidentPresence)
    .where(and(eq(incidentPresence.incidentId, incidentId), isNull(incidentPresence.leftAt)));
  return here.map((row) => row.userId);
}
