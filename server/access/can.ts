import { AppError } from "#/server/platform/errors.ts";
import type { Actor, UserActor } from "./actor.ts";
import type { ServerRole } from "./shared/roles.ts";

/** Every act that is asked about: `<scope domain>.<verb>`, and the least role that may do it. */
const leastRoles = {
  "incidents.read": "viewer",
  "incidents.create": "responder",
  "incidents.write": "responder",
  "incidents.members": "responder",
  "timeline.write": "responder",
  "timeline.delete": "responder",
  "files.write": "responder",
  "files.delete": "responder",
  "roster.write": "responder",
  "roster.assign": "admin",
  "tasks.write": "responder",
  "alerts.read": "viewer",
  "alerts.write": "responder",
  "alertroutes.read": "responder",
  "alertroutes.write": "admin",
  "alertmutes.read": "viewer",
  "alertmutes.write": "responder",
  "updates.publish": "responder",
  "updatetemplates.read": "responder",
  "updatetemplates.write": "admin",
  "postmortem.write": "responder",
  "actionitems.read": "viewer",
  "actionitems.write": "responder",
  "changes.read": "viewer",
  "changes.write": "responder",
  "services.read": "viewer",
  "services.write": "admin",
  "maintenance.read": "viewer",
  "maintenance.write": "responder",
  "components.read": "viewer",
  "components.write": "admin",
  "audiences.read": "responder",
  "audiences.write": "admin",
  "subscribers.read": "admin",
  "subscribers.write": "admin",
  "integrations.read": "responder",
  "integrations.write": "admin",
  "deliveries.read": "responder",
  "users.read": "viewer",
  "users.write": "admin",
  "tokens.read": "admin",
  "tokens.write": "admin",
  "settings.read": "admin",
  "settings.write": "admin",
  "audit.read": "admin",
  "metrics.read": "admin",
} as const satisfies Record<string, ServerRole>;

export type Action = keyof typeof leastRoles;
export const actions = Object.keys(leastRoles) as Action[];

/** What permission needs to know of an incident. */
export type IncidentAccess = { visibility: "public" | "private"; isMember: boolean };

const rank: Record<ServerRole, number> = { viewer: 0, responder: 1, admin: 2, owner: 3 };
const readVerbs = ["read"];

/** The scope that a token must carry for an action: `incidents:read` or `incidents:write`. */
export function scopeOf(action: Action): string {
  const [domain = "", verb = ""] = action.split(".");
  return `${domain}:${readVerbs.includes(verb) ? "read" : "write"}`;
}

/** Every scope that a token can be limited to. */
export const tokenScopes: readonly string[] = [...new Set(actions.map(scopeOf))].sort();

function hasScope(actor: UserActor, action: Action): boolean {
  if (!actor.scopes || actor.scopes.length === 0) return true;
  const scope = scopeOf(action);
  return (
    actor.scopes.includes(scope) || (scope.endsWith(":read") && actor.scopes.includes(scope.replace(":read", ":write")))
  );
}

/** True when the role is at least this one. */
export function isAtLeast(role: ServerRole, least: ServerRole): boolean {
  return rank[role] >= rank[least];
}

/** Whether an actor may know that an incident exists. Owners see all; others see private ones as members. */
export function canSee(actor: Actor, incident: IncidentAccess): boolean {
  if (actor.kind === "system") return true;
  return incident.visibility === "public" || actor.role === "owner" || incident.isMember;
}

/** The one question of permission: may this actor do this, to this incident if there is one? Pure. */
export function can(actor: Actor, action: Action, incident?: IncidentAccess): boolean {
  if (actor.kind === "system") return true;
  if (incident && !canSee(actor, incident)) return false;
  return isAtLeast(actor.role, leastRoles[action]) && hasScope(actor, action);
}

/** @throws AppError "not_found" for what the actor may not see, "forbidden" for what it may not do. */
export function requireAbility(actor: Actor, action: Action, incident?: IncidentAccess): void {
  if (incident && !canSee(actor, incident)) throw new AppError("not_found", "There is no such incident.");
  if (!can(actor, action, incident)) {
    throw new AppError("forbidden", "Your role does not allow this. An administrator can change it.");
  }
}
