import { and, desc, eq, gt, isNull, or, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { apiTokens, auditEntries, sessions, users } from "#/db/schema/index.ts";
import { requireAbility, type UserActor } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { decodeCursor, pageOf } from "#/server/platform/cursor.ts";
import { namesIn, namesOf } from "./audit-names.ts";
import type { AuditEntryView, AuditQuery, SessionView, TokenView, UserView } from "./contract.ts";
import { presentAuditEntry, presentSession, presentToken, presentUser } from "./present.ts";

type Paging = { cursor?: string | undefined; limit: number };
type Page<T> = { items: T[]; nextCursor: string | null };

/** Nobody has so many devices; scripts that sign in again and again leave more. */
const SESSIONS_LISTED_MAX = 200;
/** What people are sorted by; cut, so that it fits a cursor. */
const sortName = sql<string>`left(lower(${users.name}), 40)`;

/** Everybody with an account, by name; disabled people with `disabledAt`. @throws AppError "forbidden" */
export async function listUsers(q: Sql, ctx: Ctx, paging: Paging): Promise<Page<UserView>> {
  requireAbility(ctx.actor, "users.read");
  const after = decodeCursor(paging.cursor, ["text", "id"]);
  const found = await q
    .select({ user: users, sortName })
    .from(users)
    .where(after ? sql`(${sortName}, ${users.id}) > (${after[0]}, ${after[1]}::uuid)` : undefined)
    .orderBy(sortName, users.id)
    .limit(paging.limit + 1);
  const page = pageOf(found, paging.limit, (last) => [last.sortName, last.user.id]);
  return { items: page.items.map((row) => presentUser(row.user)), nextCursor: page.nextCursor };
}

/** The tokens that work, newest first; never the tokens themselves. @throws AppError "forbidden" */
export async function listTokens(q: Sql, ctx: Ctx, paging: Paging): Promise<Page<TokenView>> {
  requireAbility(ctx.actor, "tokens.read");
  const after = decodeCursor(paging.cursor, ["instant", "id"]);
  const found = await q
    .select({ token: apiTokens, userName: users.name })
    .from(apiTokens)
    .innerJoin(users, eq(users.id, apiTokens.userId))
    .where(
      and(
        isNull(apiTokens.revokedAt),
        or(isNull(apiTokens.expiresAt), gt(apiTokens.expiresAt, ctx.now())),
        after
          ? sql`(${apiTokens.createdAt}, ${apiTokens.id}) < (${after[0]}::timestamptz, ${after[1]}::uuid)`
          : undefined,
      ),
    )
    .orderBy(desc(apiTokens.createdAt), desc(apiTokens.id))
    .limit(paging.limit + 1);
  const page = pageOf(found, paging.limit, (last) => [last.token.createdAt.toISOString(), last.token.id]);
  return { items: page.items.map((row) => presentToken(row.token, row.userName)), nextCursor: page.nextCursor };
}

/** The sessions of one person that are still good, the last one seen first. */
export async function listOwnSessions(q: Sql, ctx: Ctx, actor: UserActor): Promise<SessionView[]> {
  const found = await q
    .select()
    .from(sessions)
    .where(and(eq(sessions.userId, actor.userId), isNull(sessions.revokedAt), gt(sessions.expiresAt, ctx.now())))
    .orderBy(desc(sessions.lastSeenAt), desc(sessions.id))
    .limit(SESSIONS_LISTED_MAX);
  return found.map((row) => presentSession(row, actor.sessionId));
}

/** The audit log, newest first. @throws AppError "forbidden" */
export async function listAudit(q: Sql, ctx: Ctx, query: AuditQuery & Paging): Promise<Page<AuditEntryView>> {
  requireAbility(ctx.actor, "audit.read");
  const after = decodeCursor(query.cursor, ["instant", "id"]);
  const found = await q
    .select()
    .from(auditEntries)
    .where(
      and(
        query.action ? eq(auditEntries.action, query.action) : undefined,
        query.actorId ? eq(auditEntries.actorId, query.actorId) : undefined,
        after
          ? sql`(${auditEntries.at}, ${auditEntries.id}) < (${after[0]}::timestamptz, ${after[1]}::uuid)`
          : undefined,
      ),
    )
    .orderBy(desc(auditEntries.at), desc(auditEntries.id))
    .limit(query.limit + 1);
  const page = pageOf(found, query.limit, (last) => [last.at.toISOString(), last.id]);
  const entries = page.items.map(presentAuditEntry);
  const names = await namesIn(q, ctx.actor, entries);
  return {
    items: entries.map((entry) => ({ ...entry, names: namesOf(entry, names) })),
    nextCursor: page.nextCursor,
  };
}
