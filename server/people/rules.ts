import { type Actor, isAtLeast, type ServerRole } from "#/server/access/index.ts";
import { AppError } from "#/server/platform/errors.ts";

/** Only owners make owners, change them or let them go. Pure. @throws AppError "forbidden" */
export function requireReach(actor: Actor, ...roles: readonly ServerRole[]): void {
  if (actor.kind === "system" || actor.role === "owner") return;
  if (roles.includes("owner")) throw new AppError("forbidden", "Only an owner can do this with an owner.");
}

/** Somebody must be able to give rights out. Pure. @throws AppError "conflict" when no owner would be left. */
export function requireOwnerLeft(otherOwners: number): void {
  if (otherOwners === 0) {
    throw new AppError("conflict", "This is the last owner. Make somebody else an owner first.");
  }
}

/** A token never reaches above whoever makes it. Pure. @throws AppError "forbidden" */
export function requireNotAbove(actor: Actor, role: ServerRole): void {
  if (actor.kind === "user" && !isAtLeast(actor.role, role)) {
    throw new AppError("forbidden", "A token cannot be made for somebody with a higher role than one's own.");
  }
}

/** A limited token makes only tokens within its own limits. Pure. @throws AppError "forbidden" */
export function requireScopesWithin(actor: Actor, scopes: readonly string[]): void {
  if (actor.kind === "system" || !actor.scopes || actor.scopes.length === 0) return;
  const own = actor.scopes;
  const isWithin = (scope: string) => own.includes(scope) || own.includes(scope.replace(/:read$/, ":write"));
  if (scopes.length === 0 || !scopes.every(isWithin)) {
    throw new AppError("forbidden", "A token with scopes makes only tokens within them.");
  }
}
