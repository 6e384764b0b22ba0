import { requireAbility } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { changeUser } from "./change-user.ts";

/**
 * Ends somebody's account: the row stays, for the record it is named in; sessions and tokens end.
 *
 * One transaction with its audit entry. Safe to repeat: who is out stays out, with the first instant.
 *
 * @throws AppError "not_found" | "forbidden" | "conflict" for the last owner.
 */
export async function removeUser(ctx: Ctx, { id }: { id: string }): Promise<void> {
  requireAbility(ctx.actor, "users.write");
  await changeUser(ctx, { id, change: { isDisabled: true } });
}
