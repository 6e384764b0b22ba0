import { eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { incidents } from "#/db/schema/index.ts";

/**
 * Sets when people have to hear next, as the clock does it: the version stays, for nobody changed the incident.
 * Part of the caller's transaction, under the row's lock; the caller records the event that it follows from.
 */
export async function setNextUpdateDue(tx: Sql, incidentId: string, at: Date | null): Promise<void> {
  await tx.update(incidents).set({ nextUpdateDueAt: at }).where(eq(incidents.id, incidentId));
}
