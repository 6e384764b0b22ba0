import { eq } from "drizzle-orm";
import { afterCommit, type Sql } from "#/db/client.ts";
import { users } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type Ctx, recordAudit } from "#/server/events/index.ts";
import { hashPassword } from "#/server/platform/crypto.ts";
import { AppError } from "#/server/platform/errors.ts";
import { wellFormedText } from "#/server/platform/well-formed.ts";
import { checkPassword } from "./check-password.ts";
import type { ChangeUserInput, UserView } from "./contract.ts";
import { presentUser } from "./present.ts";
import { requireOwnerLeft, requireReach } from "./rules.ts";
import {
  countOtherOwners,
  endSessions,
  lockPeople,
  requireFreeEmail,
  requireUser,
  revokeTokensOf,
  type UserRow,
} from "./store.ts";

type Command = { id: string; change: ChangeUserInput };

/** Wrong current passwords in a quarter of an hour. */
const CURRENT_PASSWORD_FAILURES_MAX = 10;
/** What everybody may change about themselves, when they are there in person. */
const OWN_FIELDS = ["name", "password", "currentPassword"];

function isOwnBusiness(ctx: Ctx, { id, change }: Command): boolean {
  const { actor } = ctx;
  if (actor.kind !== "user" || actor.userId !== id || actor.tokenId !== undefined) return false;
  return Object.keys(change).every((field) => OWN_FIELDS.includes(field));
}

function allow(ctx: Ctx, command: Command): void {
  if (isOwnBusiness(ctx, command)) return;
  requireAbility(ctx.actor, "users.write");
}

/** A borrowed screen must not be enough to take an account over. */
async function requireCurrentPassword(ctx: Ctx, before: UserRow, change: ChangeUserInput): Promise<void> {
  const { actor } = ctx;
  if (change.password === undefined || before.passwordHash === null) return;
  if (actor.kind !== "user" || actor.userId !== before.id || actor.tokenId !== undefined) return;
  const limits = [{ key: `password ${before.id}`, max: CURRENT_PASSWORD_FAILURES_MAX }];
  if (!(await checkPassword(ctx, limits, change.currentPassword ?? "", before.passwordHash))) {
    throw new AppError("invalid", "The current password is not right.", {
      errors: [{ pointer: "/currentPassword", detail: "is not right" }],
    });
  }
}

function changed(before: UserRow, change: ChangeUserInput, passwordHash: string | undefined, now: Date): UserRow {
  const disabledAt = change.isDisabled ? (before.disabledAt ?? now) : null;
  return {
    ...before,
    ...(change.email !== undefined && { email: wellFormedText(change.email) }),
    ...(change.name !== undefined && { name: wellFormedText(change.name) }),
    ...(change.role !== undefined && { role: change.role }),
    ...(passwordHash !== undefined && { passwordHash }),
    ...(change.isDisabled !== undefined && { disabledAt }),
  };
}

function changesOf(before: UserRow, after: UserRow): Record<string, unknown> {
  return {
    ...(before.email !== after.email && { email: { from: before.email, to: after.email } }),
    ...(before.name !== after.name && { name: { from: before.name, to: after.name } }),
    ...(before.role !== after.role && { role: { from: before.role, to: after.role } }),
    ...(before.passwordHash !== after.passwordHash && { password: "changed" }),
    ...((before.disabledAt === null) !== (after.disabledAt === null) && { isDisabled: after.disabledAt !== null }),
  };
}

/** What a change means for whoever is signed in as this person. */
async function applyToSessions(tx: Sql, ctx: Ctx, before: UserRow, after: UserRow): Promise<void> {
  const isOut = after.disabledAt !== null && before.disabledAt === null;
  const isNewOwner = after.role === "owner" && before.role !== "owner";
  // A token that an administrator made for somebody below must not become an owner's.
  if (isOut || isNewOwner) await revokeTokensOf(tx, ctx, after.id);
  if (isOut || before.role !== after.role) return endSessions(tx, ctx, after.id);
  if (before.passwordHash !== after.passwordHash) {
    const own = ctx.actor.kind === "user" && ctx.actor.userId === after.id ? ctx.actor.sessionId : undefined;
    return endSessions(tx, ctx, after.id, own);
  }
  if (before.name !== after.name) afterCommit(() => ctx.facts.emit("access", { userId: after.id }));
}

/** Saves a changed person under the lock of people. @throws AppError "conflict" when no owner would be left. */
async function save(tx: Sql, ctx: Ctx, before: UserRow, after: UserRow): Promise<void> {
  requireReach(ctx.actor, before.role, after.role);
  const wasOwner = before.role === "owner" && before.disabledAt === null;
  const isOwner = after.role === "owner" && after.disabledAt === null;
  if (wasOwner && !isOwner) requireOwnerLeft(await countOtherOwners(tx, before.id));
  const detail = changesOf(before, after);
  if (Object.keys(detail).length === 0) return;
  const { email, name, role, passwordHash, disabledAt } = after;
  await tx.update(users).set({ email, name, role, passwordHash, disabledAt }).where(eq(users.id, after.id));
  await applyToSessions(tx, ctx, before, after);
  const action = after.disabledAt && !before.disabledAt ? "user.removed" : "user.changed";
  await recordAudit(tx, ctx, { action, objectKind: "user", objectId: after.id, detail });
}

/**
 * Changes somebody's account; everybody may change their own name, and their own password by saying the current one.
 *
 * One transaction with its audit entry. A new role or being disabled ends the person's sessions; becoming an owner
 * or being disabled ends their tokens, too; a new password ends the other sessions. Safe to repeat, except for a new password.
 *
 * @throws AppError "not_found" | "forbidden" | "conflict" | "invalid" | "rate_limited"
 */
export async function changeUser(ctx: Ctx, command: Command): Promise<UserView> {
  const { id, change } = command;
  allow(ctx, command);
  const asked = await requireUser(ctx.db.read, id);
  requireReach(ctx.actor, asked.role, ...(change.role ? [change.role] : []));
  await requireCurrentPassword(ctx, asked, change);
  const passwordHash = change.password === undefined ? undefined : await hashPassword(change.password);
  return ctx.db.transaction(async (tx) => {
    await lockPeople(tx);
    const before = await requireUser(tx, id);
    if (change.email !== undefined) await requireFreeEmail(tx, change.email, id);
    const after = changed(before, change, passwordHash, ctx.now());
    await save(tx, ctx, before, after);
    return presentUser(after);
  });
}
