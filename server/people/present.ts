import type { apiTokens, auditEntries, sessions } from "#/db/schema/index.ts";
import type { AuditEntryView, SessionView, TokenView, UserView } from "./contract.ts";
import type { UserRow } from "./store.ts";

const textOf = (at: Date | null) => at?.toISOString() ?? null;

/** A person as others see them; never the password's hash. */
export function presentUser(row: Omit<UserRow, "passwordHash">): UserView {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    role: row.role,
    createdAt: row.createdAt.toISOString(),
    disabledAt: textOf(row.disabledAt),
  };
}

/** A token without the token. */
export function presentToken(row: typeof apiTokens.$inferSelect, userName: string): TokenView {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    userId: row.userId,
    userName,
    scopes: row.scopes,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: textOf(row.lastUsedAt),
    expiresAt: textOf(row.expiresAt),
  };
}

export function presentSession(row: typeof sessions.$inferSelect, currentId: string | undefined): SessionView {
  return {
    id: row.id,
    userAgent: row.userAgent,
    createdAt: row.createdAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    isCurrent: row.id === currentId,
  };
}

export function presentAuditEntry(row: typeof auditEntries.$inferSelect): Omit<AuditEntryView, "names"> {
  return {
    id: row.id,
    at: row.at.toISOString(),
    actor: { id: row.actorId, name: row.actorName },
    action: row.action,
    objectKind: row.objectKind,
    objectId: row.objectId,
    detail: row.detail as Record<string, unknown>,
    requestId: row.requestId,
  };
}
