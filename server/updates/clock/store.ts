import { eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { updateClocks } from "#/db/schema/index.ts";
import type { Core, Ctx } from "#/server/events/index.ts";
import { type IncidentRow, setNextUpdateDue } from "#/server/incidents/index.ts";
import { updateRulesAt } from "#/server/settings/index.ts";
import { isClocked } from "../shared/cadence.ts";
import { dueBy } from "./rules.ts";

export type ClockRow = typeof updateClocks.$inferSelect;
export const REMIND_JOB = "updates.remind";

export async function findClock(q: Sql, incidentId: string): Promise<ClockRow | undefined> {
  const [row] = await q.select().from(updateClocks).where(eq(updateClocks.incidentId, incidentId));
  return row;
}

/** Writes an incident's clock in the caller's transaction, under the incident's lock; the first time it is made. */
export async function saveClock(
  tx: Sql,
  ctx: Pick<Ctx, "now">,
  incidentId: string,
  change: Partial<ClockRow>,
): Promise<ClockRow> {
  const [row] = await tx
    .insert(updateClocks)
    .values({ startedAt: ctx.now(), ...change, incidentId })
    .onConflictDoUpdate({ target: updateClocks.incidentId, set: { incidentId, ...change } })
    .returning();
  if (!row) throw new Error("an inserted clock was not returned");
  return row;
}

/** Whom to remind, and of which step: the clock's `nextAt` when the job was made. */
export type Reminder = { incidentId: string; nextAt: Date };

export async function enqueueReminder(tx: Sql, core: Pick<Core, "queue">, clock: ClockRow): Promise<void> {
  if (!clock.nextAt) return;
  const data = { incidentId: clock.incidentId, nextAt: clock.nextAt.toISOString() };
  await core.queue.enqueue(tx, REMIND_JOB, data, { startAt: clock.nextAt });
}

/** A job's data as `enqueueReminder` wrote it. */
export function reminderIn(data: Record<string, unknown>): Reminder {
  return { incidentId: String(data.incidentId), nextAt: new Date(String(data.nextAt)) };
}

/** Has people reminded of this instant, if it is another one than before; null: of nothing. */
export async function watchDue(tx: Sql, ctx: Ctx, clock: ClockRow, dueAt: Date | null): Promise<void> {
  if (clock.dueAt?.getTime() === dueAt?.getTime()) return;
  const watched = await saveClock(tx, ctx, clock.incidentId, { dueAt, reminded: 0, nextAt: dueAt });
  await enqueueReminder(tx, ctx, watched);
}

/** Sets what the clock says, unless somebody promised a time, and watches it. In the caller's transaction, under the lock. */
export async function wind(tx: Sql, ctx: Ctx, incident: IncidentRow, clock: ClockRow): Promise<void> {
  if (clock.isPromised) return;
  const { cadence } = await updateRulesAt(tx, incident);
  const due = isClocked(incident) ? dueBy(clock, cadence, ctx.now()) : null;
  await setNextUpdateDue(tx, incident.id, due);
  await watchDue(tx, ctx, clock, due);
}
