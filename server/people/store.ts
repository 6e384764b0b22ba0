import { and, count, eq, isNull, ne, sql } from "drizzle-orm";
import { afterCommit, rows, type Sql } from "#/db/client.ts";
import { apiTokens, sessions, settings, users } from "#/db/schema/index.ts";
import type { Core } from "#/server/events/index.ts";
import { AppError } from "#/server/platform/errors.ts";

export type UserRow = typeof users.$inferSelect;
type Facts = Pick<Core, "facts" | "now">;

/** "Somebody changes who is here", as an advisory lock: the last owner is counted by one command at a time. */
const PEOPLE_LOCK = 7_268_113;

/** Waits until no other transaction changes people; until the end of this one. */
export async function lockPeople(tx: Sql): Promise<void> {
  await rows(tx, sql`select pg_advisory_xact_lock(${PEOPLE_LOCK})`);
}

/** Somebody by e-mail address, in any case. */
export async function findByEmail(q: Sql, email: string): Promise<UserRow | undefined> {
  const [found] = await q.select().from(users).where(sql`lower(${users.email}) = lower(${email})`);
  return found;
}

/** @throws AppError "not_found" */
export async function requireUser(q: Sql, id: string): Promise<UserRow> {
  const [found] = await q.select().from(users).where(eq(users.id, id));
  if (!found) throw new AppError("not_found", "There is no such user.");
  return found;
}

/** @throws AppError "conflict" when somebody else has this address. */
export async function requireFreeEmail(q: Sql, email: string, exceptId?: string): Promise<void> {
  const taken = await findByEmail(q, email);
  if (!taken || taken.id === exceptId) return;
  const words = taken.disabledAt ? "Somebody who was removed has this e-mail address: enable them again." : undefined;
  throw new AppError("conflict", words ?? "Somebody has this e-mail address already.");
}

/** The owners who can sign in, beside one. */
export async function countOtherOwners(q: Sql, exceptId: string): Promise<number> {
  const [found] = await q
    .select({ total: count() })
    .from(users)
    .where(and(eq(users.role, "owner"), isNull(users.disabledAt), ne(users.id, exceptId)));
  return Number(found?.total ?? 0);
}

/** The owner who has been here longest and is not disabled. */
export async function firstOwner(q: Sql): Promise<UserRow | undefined> {
  const [found] = await q
    .select()
    .from(users)
    .where(and(eq(users.role, "owner"), isNull(users.disabledAt)))
    .orderBy(users.createdAt, users.id)
    .limit(1);
  return found;
}

/** True when anybody has an account, enabled or not. */
export async function hasAnyone(q: Sql): Promise<boolean> {
  const found = await q.select({ id: users.id }).from(users).limit(1);
  return found.length > 0;
}

/** Ends the sessions of somebody, and tells open connections after the commit. */
export async function endSessions(tx: Sql, core: Facts, userId: string, exceptId?: string): Promise<void> {
  await tx
    .update(sessions)
    .set({ revokedAt: core.now() })
    .where(
      and(eq(sessions.userId, userId), isNull(sessions.revokedAt), exceptId ? ne(sessions.id, exceptId) : undefined),
    );
  afterCommit(() => core.facts.emit("access", { userId }));
}

/** Revokes the tokens that act as somebody. */
export async function revokeTokensOf(tx: Sql, core: Facts, userId: string): Promise<void> {
  await tx
    .update(apiTokens)
    .set({ revokedAt: core.now() })
    .where(and(eq(apiTokens.userId, userId), isNull(apiTokens.revokedAt)));
}

/** What this room keeps in the table of settings: the set-up link's hash, and which token is the environment's. */
type KeptName = "people.setup" | "people.environmentToken";

export async function readKept<T>(q: Sql, name: KeptName): Promise<T | undefined> {
  const [found] = await q.select({ value: settings.value }).from(settings).where(eq(settings.name, name));
  return found?.value as T | undefined;
}

export async function keep(tx: Sql, core: Facts, name: KeptName, value: object): Promise<void> {
  const updatedAt = core.now();
  await tx
    .insert(settings)
    .values({ name, value, updatedAt })
    .onConflictDoUpdate({ target: settings.name, set: { value, updatedAt } });
}

export async function dropKept(tx: Sql, name: KeptName): Promise<void> {
  await tx.delete(settings).where(eq(settings.name, name));
}
