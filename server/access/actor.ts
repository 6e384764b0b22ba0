import type { ServerRole } from "./shared/roles.ts";

/** Somebody signed in, by a session or a token. */
export type UserActor = {
  kind: "user";
  userId: string;
  name: string;
  email: string;
  role: ServerRole;
  sessionId?: string;
  tokenId?: string;
  /** What a token is limited to, as `incidents:write`; undefined or empty: all that the role may. */
  scopes?: readonly string[];
};
/** The server itself: jobs and integrations. */
export type SystemActor = { kind: "system"; name: string };
export type Actor = UserActor | SystemActor;

export const systemActor: SystemActor = { kind: "system", name: "Muster" };

/** The user id of an actor, or null for the system. */
export function userIdOf(actor: Actor): string | null {
  return actor.kind === "user" ? actor.userId : null;
}
