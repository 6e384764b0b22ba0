import { eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { incidents } from "#/db/schema/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { type IncidentRow, saveIncident } from "./store.ts";

/**
 * Sets when people have to hear next, as the clock does it: the version stays, for nobody changed the incident.
 * Part of the caller's transaction, under the row's lock; the caller records the event that it follows from.
 */
export async function setNextUpdateDue(tx: Sql, incidentId: string, at: Date | null): Promise<void> {
  await tx.update(incidents).set({ nextUpdateDueAt: at }).where(eq(incidents.id, incidentId));
}

/**
 * Sets when people hear next, as somebody promised it: the field is changed, and the version rises with it.
 * The same promise again changes nothing. Part of the caller's transaction, under the row's lock.
 */
export async function promiseNextUpdate(
  tx: Sql,
  ctx: Pick<Ctx, "now">,
  incident: IncidentRow,
  at: Date | null,
): Promise<void> {
  if (incident.nextUpdateDueAt?.getTime() !== at?.getTime())
    await saveIncident(tx, ctx, incident, { nextUpdateDueAt: at });
}
