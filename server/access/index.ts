export { type Actor, type SystemActor, systemActor, type UserActor, userIdOf } from "./actor.ts";
export { actorFrom } from "./actor-from.ts";
export {
  type Action,
  can,
  type IncidentAccess,
  isAtLeast,
  requireAbility,
  tokenScopes,
} from "./can.ts";
export { type ServerRole, serverRoles } from "./shared/roles.ts";
export { visibleTo } from "./visible.ts";
