import { and, eq, isNull } from "drizzle-orm";
import { afterCommit } from "#/db/client.ts";
import { apiTokens } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type Ctx, recordAudit } from "#/server/events/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { requireReach } from "./rules.ts";
import { requireUser } from "./store.ts";

/**
 * Ends an API token; connections that came by it are looked at again.
 *
 * One transaction with its audit entry. Safe to repeat.
 *
 * @throws AppError "not_found" | "forbidden" for an owner's token when one is not an owner.
 */
export async function revokeToken(ctx: Ctx, { id }: { id: string }): Promise<void> {
  requireAbility(ctx.actor, "tokens.write");
  await ctx.db.transaction(async (tx) => {
    const [found] = await tx.select().from(apiTokens).where(eq(apiTokens.id, id));
    if (!found) throw new AppError("not_found", "There is no such token.");
    const holder = await requireUser(tx, found.userId);
    requireReach(ctx.actor, holder.role);
    const ended = await tx
      .update(apiTokens)
      .set({ revokedAt: ctx.now() })
      .where(and(eq(apiTokens.id, id), isNull(apiTokens.revokedAt)))
      .returning({ id: apiTokens.id });
    if (ended.length === 0) return;
    const detail = { name: found.name, prefix: found.prefix, userId: holder.id };
    await recordAudit(tx, ctx, { action: "token.revoked", objectKind: "token", objectId: id, detail });
    afterCommit(() => ctx.facts.emit("access", { userId: holder.id }));
  });
}
