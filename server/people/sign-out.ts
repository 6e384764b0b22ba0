import { and, eq, isNull } from "drizzle-orm";
import { afterCommit, type Sql } from "#/db/client.ts";
import { sessions, users } from "#/db/schema/index.ts";
import type { UserActor } from "#/server/access/index.ts";
import { type Core, type Ctx, ctxFor, recordAudit } from "#/server/events/index.ts";
import { AppError } from "#/server/platform/errors.ts";

type SessionOwner = { sessionId: string; actor: UserActor };

async function ownerOf(q: Sql, sessionId: string): Promise<SessionOwner | undefined> {
  const [found] = await q
    .select({ userId: users.id, name: users.name, email: users.email, role: users.role })
    .from(sessions)
    .innerJoin(users, eq(users.id, sessions.userId))
    .where(eq(sessions.id, sessionId));
  return found && { sessionId, actor: { kind: "user", ...found } };
}

async function endSession(core: Core, requestId: string, { sessionId, actor }: SessionOwner): Promise<void> {
  await core.db.transaction(async (tx) => {
    const ended = await tx
      .update(sessions)
      .set({ revokedAt: core.now() })
      .where(and(eq(sessions.id, sessionId), isNull(sessions.revokedAt)))
      .returning({ id: sessions.id });
    if (ended.length === 0) return;
    const entry = { action: "session.ended", objectKind: "session", objectId: sessionId };
    await recordAudit(tx, ctxFor(core, actor, requestId), entry);
    afterCommit(() => core.facts.emit("access", { userId: actor.userId, sessionId }));
  });
}

/** Ends a session that signs itself out; its open connections hear of it. One transaction. Safe to repeat; an unknown one is nothing to do. */
export async function signOut(core: Core, sessionId: string): Promise<void> {
  const owner = await ownerOf(core.db.read, sessionId);
  if (owner) await endSession(core, "", owner);
}

/**
 * Ends one of one's own sessions, as on a lost telephone.
 *
 * One transaction with its audit entry. Safe to repeat.
 *
 * @throws AppError "not_found" for anybody else's | "forbidden" by a token with scopes.
 */
export async function revokeSession(ctx: Ctx, { id }: { id: string }): Promise<void> {
  if (ctx.actor.kind === "user" && (ctx.actor.scopes?.length ?? 0) > 0) {
    throw new AppError("forbidden", "A token with scopes does not end sessions.");
  }
  const owner = await ownerOf(ctx.db.read, id);
  if (!owner || ctx.actor.kind !== "user" || owner.actor.userId !== ctx.actor.userId) {
    throw new AppError("not_found", "There is no such session.");
  }
  await endSession(ctx, ctx.requestId, owner);
}
