import { and, asc, count, eq, inArray, isNull, or, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { incidentPresence, invitations, services, users } from "#/db/schema/index.ts";
import { can, requireAbility, userIdOf } from "#/server/access/index.ts";
import { type Ctx, recordEvent } from "#/server/events/index.ts";
import { accessTo, type IncidentRow, letIn, lockIncident, requirePerson } from "#/server/incidents/index.ts";
import { isOpen } from "#/server/incidents/shared/lists.ts";
import { AppError } from "#/server/platform/errors.ts";
import { wellFormedText } from "#/server/platform/well-formed.ts";
import { readSettings } from "#/server/settings/index.ts";
import type { InvitationView, InviteInput } from "./contract.ts";
import { findInvitation, listInvitations } from "./invitation-queries.ts";
import { inviteRefusal } from "./rules.ts";
import { INVITATIONS_MAX } from "./shared/lists.ts";

type Person = { id: string; name: string };
type Asked = { people: Person[]; service: string | null };

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The owner of a service, and those of its addresses that have an account. @throws AppError "not_found" | "conflict" */
async function peopleOfService(tx: Sql, serviceId: string): Promise<Asked> {
  const [service] = UUID.test(serviceId) ? await tx.select().from(services).where(eq(services.id, serviceId)) : [];
  if (!service) throw new AppError("not_found", "There is no such service.");
  const emails = service.tellEmails.map((email) => email.toLowerCase());
  const people = await tx
    .select({ id: users.id, name: users.name })
    .from(users)
    .where(
      and(
        isNull(users.disabledAt),
        or(
          service.ownerId ? eq(users.id, service.ownerId) : undefined,
          emails.length > 0 ? inArray(sql`lower(${users.email})`, emails) : undefined,
          sql`false`,
        ),
      ),
    )
    .orderBy(asc(users.name));
  if (people.length === 0) {
    throw new AppError(
      "conflict",
      `Nobody with an account belongs to ${service.name}. An administrator can name its owner under Settings, Services.`,
    );
  }
  return { people, service: service.name };
}

/** Lets people into a private incident as they are asked. @throws AppError "forbidden" in words that say what to do */
async function letPeopleIn(tx: Sql, ctx: Ctx, row: IncidentRow, people: readonly Person[]): Promise<void> {
  if (row.visibility !== "private") return;
  if (!can(ctx.actor, "incidents.members", await accessTo(tx, ctx, row))) {
    throw new AppError("forbidden", "This incident is private, and you may not let others see it.");
  }
  for (const person of people) await letIn(tx, ctx, row, person);
}

async function isHere(tx: Sql, incidentId: string, userId: string): Promise<boolean> {
  const found = await tx
    .select({ userId: incidentPresence.userId })
    .from(incidentPresence)
    .where(
      and(
        eq(incidentPresence.incidentId, incidentId),
        eq(incidentPresence.userId, userId),
        isNull(incidentPresence.leftAt),
      ),
    );
  return found.length > 0;
}

/** Those of the people who can be asked now; for a single one the reason why not is the answer. */
async function askable(tx: Sql, ctx: Ctx, row: IncidentRow, people: readonly Person[]): Promise<Person[]> {
  const reasons: string[] = [];
  const free: Person[] = [];
  for (const person of people) {
    const before = await findInvitation(tx, { incidentId: row.id, userId: person.id });
    const refusal = inviteRefusal(person.name, before, await isHere(tx, row.id, person.id), ctx.now());
    if (refusal) reasons.push(refusal);
    else free.push(person);
  }
  if (free.length === 0) throw new AppError("conflict", reasons.join(" "));
  return free;
}

async function requireRoom(tx: Sql, incidentId: string, more: number): Promise<void> {
  const [found] = await tx.select({ n: count() }).from(invitations).where(eq(invitations.incidentId, incidentId));
  if ((found?.n ?? 0) + more > INVITATIONS_MAX) {
    throw new AppError("conflict", `At most ${INVITATIONS_MAX} people are asked to one incident.`);
  }
}

async function writeInvitation(tx: Sql, ctx: Ctx, row: IncidentRow, person: Person, asked: Asked, message: string) {
  const fresh = {
    serviceName: asked.service,
    message,
    invitedById: userIdOf(ctx.actor),
    invitedByName: ctx.actor.name,
    invitedAt: ctx.now(),
    deliveredAt: null,
    deliveredBy: null,
    seenAt: null,
    joinedAt: null,
    declinedAt: null,
    declineReason: "",
  };
  const [written] = await tx
    .insert(invitations)
    .values({ incidentId: row.id, userId: person.id, ...fresh })
    .onConflictDoUpdate({
      target: [invitations.incidentId, invitations.userId],
      set: { ...fresh, times: sql`${invitations.times} + 1` },
    })
    .returning();
  if (!written) throw new Error("an inserted invitation was not returned");
  await recordEvent(tx, ctx, {
    incidentId: row.id,
    type: "person.invited",
    data: {
      invitationId: written.id,
      userId: person.id,
      name: person.name,
      message,
      times: written.times,
      ...(asked.service && { service: asked.service }),
    },
    parts: ["invitations"],
  });
}

/** What a service brought into a room, as far as its owner is concerned. */
export type OwnerOfService = { incidentId: string; ownerId: string; service: string };

/**
 * Asks the owner of an affected service to come, when the organisation wants it so: not whoever does it themselves, is
 * there or was asked before, and never to a drill or into a private incident. Part of the caller's transaction.
 */
export async function inviteOwner(tx: Sql, ctx: Ctx, { incidentId, ownerId, service }: OwnerOfService): Promise<void> {
  const { serviceOwners } = await readSettings(tx, ctx);
  if (!serviceOwners.invite || ownerId === userIdOf(ctx.actor)) return;
  const row = await lockIncident(tx, ctx, incidentId);
  if (row.mode !== "live" || row.visibility !== "public" || !isOpen(row.status)) return;
  if (await findInvitation(tx, { incidentId, userId: ownerId })) return;
  if (await isHere(tx, incidentId, ownerId)) return;
  const [asked] = await tx.select({ n: count() }).from(invitations).where(eq(invitations.incidentId, incidentId));
  if ((asked?.n ?? 0) >= INVITATIONS_MAX) return;
  const person = await requirePerson(tx, ownerId);
  await writeInvitation(tx, ctx, row, person, { people: [person], service }, "");
}

/**
 * Asks a person, or a service's people, to come to an incident; into a private one they are let in with it.
 *
 * One transaction with its events, whose handlers tell the people. Of a service's people those who are here or were
 * just asked are left out. Answers with the invitations that were made.
 *
 * @throws AppError "not_found" | "forbidden" | "conflict" when nobody of them can be asked now
 */
export async function invitePeople(ctx: Ctx, input: InviteInput & { incident: string }): Promise<InvitationView[]> {
  return ctx.db.transaction(async (tx) => {
    const row = await lockIncident(tx, ctx, input.incident);
    const access = await accessTo(tx, ctx, row);
    requireAbility(ctx.actor, "roster.write", access);
    if (!isOpen(row.status)) throw new AppError("conflict", "Only an open incident needs people.");
    const asked: Asked = input.serviceId
      ? await peopleOfService(tx, input.serviceId)
      : { people: [await requirePerson(tx, input.userId ?? "")], service: null };
    const people = await askable(tx, ctx, row, asked.people);
    await requireRoom(tx, row.id, people.length);
    await letPeopleIn(tx, ctx, row, people);
    const message = wellFormedText(input.message ?? "");
    for (const person of people) await writeInvitation(tx, ctx, row, person, asked, message);
    const ids = new Set(people.map((person) => person.id));
    return (await listInvitations(tx, row.id)).filter((invitation) => ids.has(invitation.person.id));
  });
}
