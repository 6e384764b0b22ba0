import { and, eq, gt, isNull, or } from "drizzle-orm";
import type { Database } from "#/db/client.ts";
import { apiTokens, sessions, users } from "#/db/schema/index.ts";
import type { Config } from "#/server/platform/config.ts";
import { sha256 } from "#/server/platform/crypto.ts";
import type { UserActor } from "./actor.ts";
import { readSessionCookie } from "./session-cookie.ts";

/** The headers of a request, as the web or as Node has them. */
export type HeaderSource =
  | { get(name: string): string | null | undefined }
  | Readonly<Record<string, string | readonly string[] | undefined>>;
/** The parts of the server that tell who asks. */
type AccessCore = { readonly db: Database; readonly config: Pick<Config, "authSecret">; now(): Date };

/** "Last seen" and "last used" are kept to the minute: a busy client costs no write for each request. */
const SEEN_EVERY_MS = 60_000;
/** Longer than any token, session or id: what is longer is not looked up. */
const TOKEN_LENGTH_MAX = 512;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function headerOf(headers: HeaderSource, name: string): string {
  const value = typeof headers.get === "function" ? headers.get(name) : (headers as Record<string, unknown>)[name];
  if (Array.isArray(value)) return value.join("; ");
  return typeof value === "string" ? value : "";
}

/** The Bearer token of a request, else the `?token=` of its address when one is given. Pure. */
export function presentedToken(headers: HeaderSource, url?: string): string | undefined {
  const [, bearer] = /^Bearer +(\S+) *$/i.exec(headerOf(headers, "authorization")) ?? [];
  if (bearer !== undefined) return bearer;
  if (url === undefined || !URL.canParse(url, "http://localhost")) return undefined;
  return new URL(url, "http://localhost").searchParams.get("token") ?? undefined;
}

function isStale(seenAt: Date | null, now: Date): boolean {
  return seenAt === null || now.getTime() - seenAt.getTime() >= SEEN_EVERY_MS;
}

const person = { userId: users.id, name: users.name, email: users.email, role: users.role } as const;

async function actorOfToken(core: AccessCore, token: string): Promise<UserActor | null> {
  if (token.length > TOKEN_LENGTH_MAX) return null;
  const now = core.now();
  const [found] = await core.db.read
    .select({ ...person, tokenId: apiTokens.id, scopes: apiTokens.scopes, lastUsedAt: apiTokens.lastUsedAt })
    .from(apiTokens)
    .innerJoin(users, eq(users.id, apiTokens.userId))
    .where(
      and(
        eq(apiTokens.hash, sha256(token)),
        isNull(apiTokens.revokedAt),
        or(isNull(apiTokens.expiresAt), gt(apiTokens.expiresAt, now)),
        isNull(users.disabledAt),
      ),
    );
  if (!found) return null;
  const { lastUsedAt, ...rest } = found;
  if (isStale(lastUsedAt, now)) {
    await core.db.read.update(apiTokens).set({ lastUsedAt: now }).where(eq(apiTokens.id, rest.tokenId));
  }
  return { kind: "user", ...rest };
}

async function actorOfSession(core: AccessCore, cookieHeader: string): Promise<UserActor | null> {
  const claims = await readSessionCookie(cookieHeader, core.config.authSecret);
  if (!claims || !UUID.test(claims.sessionId) || !UUID.test(claims.userId)) return null;
  const now = core.now();
  const [found] = await core.db.read
    .select({ ...person, sessionId: sessions.id, lastSeenAt: sessions.lastSeenAt })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(
      and(
        eq(sessions.id, claims.sessionId),
        eq(sessions.userId, claims.userId),
        isNull(sessions.revokedAt),
        gt(sessions.expiresAt, now),
        isNull(users.disabledAt),
      ),
    );
  if (!found) return null;
  const { lastSeenAt, ...rest } = found;
  if (isStale(lastSeenAt, now)) {
    await core.db.read.update(sessions).set({ lastSeenAt: now }).where(eq(sessions.id, rest.sessionId));
  }
  return { kind: "user", ...rest };
}

/**
 * Who asks, by a Bearer token or the session cookie; null when nobody is signed in. One way for pages, API and sockets.
 *
 * Give `url` only where a `?token=` in the address is allowed. A token that is presented decides alone: when it is not
 * good, the cookie is not looked at. Not inside a transaction. Each call reads the rows, so that a revoked session,
 * token or person is out at once.
 */
export async function actorFrom(core: AccessCore, headers: HeaderSource, url?: string): Promise<UserActor | null> {
  const token = presentedToken(headers, url);
  if (token !== undefined) return actorOfToken(core, token);
  const cookies = headerOf(headers, "cookie");
  return cookies ? actorOfSession(core, cookies) : null;
}
