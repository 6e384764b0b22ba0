import { count, eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { incidentMembers, tasks, users } from "#/db/schema/index.ts";
import { type IncidentRow, requirePerson } from "#/server/incidents/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { TASKS_MAX } from "./shared/lists.ts";

/** Somebody who may own a task of this incident. @throws AppError "not_found" | "conflict" for one who may not see it */
export async function requireOwner(
  tx: Sql,
  incident: IncidentRow,
  userId: string,
): Promise<{ id: string; name: string }> {
  const person = await requirePerson(tx, userId);
  if (incident.visibility === "public") return person;
  const members = await tx
    .select({ id: incidentMembers.userId })
    .from(incidentMembers)
    .where(eq(incidentMembers.incidentId, incident.id));
  if (members.some((member) => member.id === person.id)) return person;
  const [user] = await tx.select({ role: users.role }).from(users).where(eq(users.id, person.id));
  if (user?.role === "owner") return person;
  throw new AppError("conflict", `${person.name} may not see this private incident. Let them in first.`);
}

/** The name of an owner, for the words of an event. */
export async function ownerNameOf(q: Sql, ownerId: string | null): Promise<string | null> {
  if (!ownerId) return null;
  const [user] = await q.select({ name: users.name }).from(users).where(eq(users.id, ownerId));
  return user?.name ?? null;
}

/** @throws AppError "conflict" when the incident would have more tasks than it may */
export async function requireRoom(tx: Sql, incidentId: string, more: number): Promise<void> {
  const [existing] = await tx.select({ n: count() }).from(tasks).where(eq(tasks.incidentId, incidentId));
  if ((existing?.n ?? 0) + more <= TASKS_MAX) return;
  throw new AppError("conflict", `An incident has at most ${TASKS_MAX} tasks.`);
}
