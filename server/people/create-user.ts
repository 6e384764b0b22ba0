import { users } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type Ctx, recordAudit } from "#/server/events/index.ts";
import { hashPassword } from "#/server/platform/crypto.ts";
import { wellFormedText } from "#/server/platform/well-formed.ts";
import type { CreateUserInput, UserView } from "./contract.ts";
import { presentUser } from "./present.ts";
import { requireReach } from "./rules.ts";
import { lockPeople, requireFreeEmail } from "./store.ts";

/**
 * Gives somebody an account.
 *
 * One transaction with its audit entry; the password is hashed before it. Not safe to repeat: the second is a conflict.
 *
 * @throws AppError "forbidden" | "conflict" when somebody has this address.
 */
export async function createUser(ctx: Ctx, input: CreateUserInput): Promise<UserView> {
  requireAbility(ctx.actor, "users.write");
  requireReach(ctx.actor, input.role);
  await requireFreeEmail(ctx.db.read, input.email);
  const passwordHash = input.password === undefined ? null : await hashPassword(input.password);
  return ctx.db.transaction(async (tx) => {
    await lockPeople(tx);
    await requireFreeEmail(tx, input.email);
    const [row] = await tx
      .insert(users)
      .values({
        email: wellFormedText(input.email),
        name: wellFormedText(input.name),
        role: input.role,
        passwordHash,
        createdAt: ctx.now(),
      })
      .returning();
    if (!row) throw new Error("an inserted user was not returned");
    const detail = { email: row.email, name: row.name, role: row.role };
    await recordAudit(tx, ctx, { action: "user.created", objectKind: "user", objectId: row.id, detail });
    return presentUser(row);
  });
}
