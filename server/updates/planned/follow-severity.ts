import { and, asc, eq, inArray } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { incidents, plannedUpdates } from "#/db/schema/index.ts";
import type { Ctx, RecordedEvent } from "#/server/events/index.ts";
import type { IncidentRow } from "#/server/incidents/index.ts";
import { severities } from "#/server/incidents/shared/lists.ts";
import { updateRulesAt } from "#/server/settings/index.ts";
import { askForApproval, enqueuePublishing, recordPlanned } from "./release.ts";
import { isSettled } from "./rules.ts";
import { type PlannedRow, savePlanned } from "./store.ts";

/** What waited for an approval that nobody has to give any more goes out by the queue, which says why when it cannot. */
async function liftApproval(tx: Sql, ctx: Ctx, row: PlannedRow): Promise<void> {
  const publishAt = row.publishAt && row.publishAt > ctx.now() ? row.publishAt : ctx.now();
  const scheduled = await savePlanned(tx, row.id, { state: "scheduled", publishAt });
  await enqueuePublishing(tx, ctx, scheduled);
  await recordPlanned(tx, ctx, scheduled, "update.approval_lifted");
}

async function rulesBefore(tx: Sql, incident: IncidentRow, event: RecordedEvent) {
  const from = severities.find((each) => each === event.data.from) ?? null;
  return updateRulesAt(tx, { ...incident, severity: from });
}

/**
 * Another severity has other rules: what waits goes on where they ask for nothing more, and is asked for where they
 * ask for somebody's word, or for another's. In the transaction of `incident.severity_changed`.
 */
export async function followSeverity(tx: Sql, ctx: Ctx, event: RecordedEvent): Promise<void> {
  const [incident] = await tx.select().from(incidents).where(eq(incidents.id, event.incidentId));
  if (!incident) return;
  const [before, now] = [await rulesBefore(tx, incident, event), await updateRulesAt(tx, incident)];
  const going = await tx
    .select()
    .from(plannedUpdates)
    .where(and(eq(plannedUpdates.incidentId, incident.id), inArray(plannedUpdates.state, ["waiting", "scheduled"])))
    .orderBy(asc(plannedUpdates.createdAt), asc(plannedUpdates.id));
  for (const row of going) {
    const rule = now.approvalFor(row.audience);
    const isWaiting = row.state === "waiting";
    if (isSettled(row, rule)) {
      if (isWaiting) await liftApproval(tx, ctx, row);
    } else if (!isWaiting || rule !== before.approvalFor(row.audience)) {
      await askForApproval(tx, ctx, row, rule);
    }
  }
}
