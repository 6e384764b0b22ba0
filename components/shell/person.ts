import type { ServerRole } from "#/server/access/shared/roles.ts";

/** Who is signed in, as pages know them. */
export type Person = { id: string; name: string; email: string; role: ServerRole };

/** Whether the interface offers acts that change incidents. The server decides again. */
export function canRespond(role: ServerRole): boolean {
  return role !== "viewer";
}

/** Whether the interface offers administration. The server decides again. */
export function canAdminister(role: ServerRole): boolean {
  return role === "owner" || role === "admin";
}
