import { and, eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { incidents, plannedUpdates } from "#/db/schema/index.ts";
import { systemActor } from "#/server/access/index.ts";
import { type Core, ctxFor } from "#/server/events/index.ts";
import { type IncidentRow, lockIncident } from "#/server/incidents/index.ts";
import { AppError, isAppError } from "#/server/platform/errors.ts";
import { SCHEDULE_LATE_MAX_MS } from "../shared/planned.ts";
import { followSeverity } from "./follow-severity.ts";
import { advance, enqueuePublishing, PUBLISH_PLANNED_JOB, recordPlanned } from "./release.ts";
import { type PlannedRow, savePlanned } from "./store.ts";

type Due = { plannedId: string; publishAt: Date };

/** Runs `work` under the lock on what is still scheduled for that very time; nothing otherwise. */
async function whileDue(
  core: Core,
  due: Due,
  work: (tx: Sql, incident: IncidentRow, planned: PlannedRow) => Promise<void>,
): Promise<void> {
  const ctx = ctxFor(core, systemActor);
  await core.db.transaction(async (tx) => {
    const [found] = await tx
      .select({ incidentId: incidents.id })
      .from(plannedUpdates)
      .innerJoin(incidents, eq(incidents.id, plannedUpdates.incidentId))
      .where(eq(plannedUpdates.id, due.plannedId));
    if (!found) return;
    const incident = await lockIncident(tx, ctx, found.incidentId);
    const [planned] = await tx
      .select()
      .from(plannedUpdates)
      .where(and(eq(plannedUpdates.id, due.plannedId), eq(plannedUpdates.state, "scheduled")));
    if (planned?.publishAt?.getTime() !== due.publishAt.getTime()) return;
    await work(tx, incident, planned);
  });
}

function requireInTime(publishAt: Date, now: Date): void {
  if (now.getTime() - publishAt.getTime() <= SCHEDULE_LATE_MAX_MS) return;
  throw new AppError("conflict", "Muster was not running when its time came, and by now it may say something old.");
}

/**
 * Publishes a scheduled update when its time has come: exactly once, for the row says whether it is out in the same
 * transaction as the update. What cannot go out any more is refused, and the room says why; what needs an approval by
 * now, because the severity rose, waits for it.
 */
export async function publishScheduled(core: Core, due: Due): Promise<void> {
  // That its time has come, the queue says, whose clock is the database's: ours may be behind it.
  const now = new Date(Math.max(core.now().getTime(), due.publishAt.getTime()));
  const ctx = ctxFor({ ...core, now: () => now }, systemActor);
  try {
    await whileDue(core, due, async (tx, incident, planned) => {
      requireInTime(due.publishAt, now);
      await advance(tx, ctx, incident, planned);
    });
  } catch (error) {
    if (!isAppError(error)) throw error;
    await whileDue(core, due, async (tx, _incident, planned) => {
      const ended = { state: "refused" as const, reason: error.message, endedAt: now, endedByName: ctx.actor.name };
      const refused = await savePlanned(tx, planned.id, ended);
      await recordPlanned(tx, ctx, refused, "update.refused", { reason: error.message });
    });
  }
}

/** Registers the job of scheduled updates, and what another severity means for those that wait; `recover` makes the jobs again that a restored database lost. */
export function registerPlannedUpdates(core: Core): { recover(): Promise<void> } {
  core.handlers.on("incident.severity_changed", followSeverity);
  core.queue.work(PUBLISH_PLANNED_JOB, {}, (data) =>
    publishScheduled(core, { plannedId: String(data.plannedId), publishAt: new Date(String(data.publishAt)) }),
  );
  return {
    recover: () =>
      core.db.transaction(async (tx) => {
        const scheduled = await tx.select().from(plannedUpdates).where(eq(plannedUpdates.state, "scheduled"));
        for (const row of scheduled) await enqueuePublishing(tx, core, row);
      }),
  };
}
