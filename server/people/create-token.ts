import { apiTokens } from "#/db/schema/index.ts";
import { requireAbility, userIdOf } from "#/server/access/index.ts";
import { type Ctx, recordAudit } from "#/server/events/index.ts";
import { randomToken, sha256 } from "#/server/platform/crypto.ts";
import { AppError } from "#/server/platform/errors.ts";
import { wellFormedText } from "#/server/platform/well-formed.ts";
import type { CreatedTokenView, CreateTokenInput } from "./contract.ts";
import { presentToken } from "./present.ts";
import { requireNotAbove, requireScopesWithin } from "./rules.ts";
import { requireUser, type UserRow } from "./store.ts";

/** What every token starts with, so that scanners for leaked secrets find it. */
const TOKEN_START = "mst_";
const TOKEN_BYTES = 32;
/** Characters that are kept in clear: the start and six more tell tokens apart and give nothing away. */
export const TOKEN_PREFIX_LENGTH = 10;

function invalid(field: string, detail: string): AppError {
  return new AppError("invalid", `/${field}: ${detail}`, { errors: [{ pointer: `/${field}`, detail }] });
}

async function holderOf(ctx: Ctx, input: CreateTokenInput): Promise<UserRow> {
  const userId = input.userId ?? userIdOf(ctx.actor);
  if (userId === null) throw invalid("userId", "is needed: the server itself has no account.");
  const holder = await requireUser(ctx.db.read, userId);
  if (holder.disabledAt) throw invalid("userId", "is somebody who was removed.");
  return holder;
}

/**
 * Makes an API token that acts as its user, within its scopes. The answer is the only place where it is shown.
 *
 * One transaction with its audit entry; only the token's hash is stored. Each call makes another one.
 *
 * @throws AppError "forbidden" for somebody above oneself | "not_found" | "invalid"
 */
export async function createToken(ctx: Ctx, input: CreateTokenInput): Promise<CreatedTokenView> {
  requireAbility(ctx.actor, "tokens.write");
  const scopes = [...new Set(input.scopes ?? [])].sort();
  const holder = await holderOf(ctx, input);
  requireNotAbove(ctx.actor, holder.role);
  requireScopesWithin(ctx.actor, scopes);
  const expiresAt = input.expiresAt ? new Date(input.expiresAt) : null;
  if (expiresAt && expiresAt <= ctx.now()) throw invalid("expiresAt", "is in the past.");
  const token = `${TOKEN_START}${randomToken(TOKEN_BYTES)}`;
  return ctx.db.transaction(async (tx) => {
    const [row] = await tx
      .insert(apiTokens)
      .values({
        userId: holder.id,
        name: wellFormedText(input.name),
        hash: sha256(token),
        prefix: token.slice(0, TOKEN_PREFIX_LENGTH),
        scopes,
        createdAt: ctx.now(),
        expiresAt,
      })
      .returning();
    if (!row) throw new Error("an inserted token was not returned");
    const detail = { name: row.name, userId: holder.id, userName: holder.name, scopes, prefix: row.prefix };
    await recordAudit(tx, ctx, { action: "token.created", objectKind: "token", objectId: row.id, detail });
    return { ...presentToken(row, holder.name), token };
  });
}
