import { and, eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { incidents, timelineEntries } from "#/db/schema/index.ts";
import { type Ctx, recordEvent } from "#/server/events/index.ts";
import { SEEN_ENTRIES_MAX } from "./shared/lists.ts";

/**
 * Writes down that somebody looked at an incident that waits in triage: once a person, for the first few.
 * In the caller's transaction, safe to repeat.
 */
export async function recordSeen(tx: Sql, ctx: Ctx, who: { incidentId: string; userId: string }): Promise<void> {
  const [incident] = await tx
    .select({ id: incidents.id })
    .from(incidents)
    .where(and(eq(incidents.id, who.incidentId), eq(incidents.status, "triage")))
    .for("update");
  if (!incident) return;
  const seen = await tx
    .select({ actorId: timelineEntries.actorId })
    .from(timelineEntries)
    .where(and(eq(timelineEntries.incidentId, incident.id), eq(timelineEntries.type, "people.seen")));
  if (seen.length >= SEEN_ENTRIES_MAX || seen.some((entry) => entry.actorId === who.userId)) return;
  await recordEvent(tx, ctx, { incidentId: incident.id, type: "people.seen", parts: [] });
}
