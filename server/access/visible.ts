import { type SQL, sql } from "drizzle-orm";
import { incidentMembers, incidents } from "#/db/schema/index.ts";
import type { Actor } from "./actor.ts";

/** The condition that leaves only incidents the actor may see; for every list that joins `incidents`. */
export function visibleTo(actor: Actor): SQL {
  if (actor.kind === "system" || actor.role === "owner") return sql`true`;
  return sql`(${incidents.visibility} = 'public' or exists (
    select 1 from ${incidentMembers} where ${incidentMembers.incidentId} = ${incidents.id} and ${incidentMembers.userId} = ${actor.userId}))`;
}
