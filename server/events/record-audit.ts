import type { Sql } from "#/db/client.ts";
import { auditEntries } from "#/db/schema/index.ts";
import { userIdOf } from "#/server/access/index.ts";
import type { Ctx } from "./core.ts";

export type AuditEntry = { action: string; objectKind: string; objectId: string; detail?: Record<string, unknown> };

/** Adds to the audit log, in the caller's transaction. Never put a secret into `detail`. */
export async function recordAudit(tx: Sql, ctx: Ctx, entry: AuditEntry): Promise<void> {
  await tx.insert(auditEntries).values({
    at: ctx.now(),
    actorId: userIdOf(ctx.actor),
    actorName: ctx.actor.name,
    action: entry.action,
    objectKind: entry.objectKind,
    objectId: entry.objectId,
    detail: entry.detail ?? {},
    requestId: ctx.requestId,
  });
}
