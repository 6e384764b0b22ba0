import { and, eq, isNotNull } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { incidents, updateClocks, updates } from "#/db/schema/index.ts";
import { systemActor } from "#/server/access/index.ts";
import { type Core, type Ctx, ctxFor, type EventType, type RecordedEvent, recordEvent } from "#/server/events/index.ts";
import { type IncidentRow, promiseNextUpdate, setNextUpdateDue } from "#/server/incidents/index.ts";
import { isOpen } from "#/server/incidents/shared/lists.ts";
import { isClocked } from "../shared/cadence.ts";
import { stepAt } from "./rules.ts";
import {
  enqueueReminder,
  findClock,
  REMIND_JOB,
  type Reminder,
  reminderIn,
  saveClock,
  watchDue,
  wind,
} from "./store.ts";

type Told = { tx: Sql; ctx: Ctx; event: RecordedEvent; incident: IncidentRow };

async function readRow(tx: Sql, incidentId: string): Promise<IncidentRow | undefined> {
  // Locked: two reminders of one incident at once take turns.
  const [row] = await tx.select().from(incidents).where(eq(incidents.id, incidentId)).for("update");
  return row;
}

/** Somebody works on it from now: the first word is due, also after it was taken up again. */
async function start({ tx, ctx, incident }: Told): Promise<void> {
  if (!isClocked(incident)) return;
  const fresh = { startedAt: ctx.now(), hasSpoken: false, isPromised: false, pace: "usual" as const };
  await wind(tx, ctx, incident, await saveClock(tx, ctx, incident.id, fresh));
}

/** Whether the public ever heard of it. */
async function isPublic(tx: Sql, incidentId: string): Promise<boolean> {
  const ofPublic = and(eq(updates.incidentId, incidentId), eq(updates.audience, "public"));
  return (await tx.select({ id: updates.id }).from(updates).where(ofPublic).limit(1)).length > 0;
}

/**
 * People heard, and the time to the next word begins: the one that was promised, or the one of the severity. What was
 * said inside is no word to the public, unless it is an incident of which the public never heard.
 */
async function restart({ tx, ctx, event, incident }: Told): Promise<void> {
  if (!isOpen(incident.status)) return;
  const { audience, nextUpdateAt } = event.data;
  const isPromised = nextUpdateAt !== undefined;
  if (!isPromised && audience !== "public" && (await isPublic(tx, incident.id))) return;
  const heard = { startedAt: event.at, hasSpoken: true, isPromised };
  const clock = await saveClock(tx, ctx, incident.id, heard);
  if (!isPromised) return wind(tx, ctx, incident, clock);
  const due = typeof nextUpdateAt === "string" ? new Date(nextUpdateAt) : null;
  await promiseNextUpdate(tx, ctx, incident, due);
  await watchDue(tx, ctx, clock, due);
}

/** Another severity, or what was public is private: another clock. */
async function review({ tx, ctx, incident }: Told): Promise<void> {
  const clock = await findClock(tx, incident.id);
  if (clock) await wind(tx, ctx, incident, clock);
  else if (isClocked(incident)) await wind(tx, ctx, incident, await saveClock(tx, ctx, incident.id, {}));
}

/**
 * Somebody said when people hear again, or that they do not. What they said stands in the event: another event of the
 * same change, as of the severity, has set the clock's time by now.
 */
async function promise({ tx, ctx, event, incident }: Told): Promise<void> {
  const { nextUpdateDueAt } = event.data;
  if (nextUpdateDueAt === undefined || !isOpen(incident.status)) return;
  const due = typeof nextUpdateDueAt === "string" ? new Date(nextUpdateDueAt) : null;
  await setNextUpdateDue(tx, incident.id, due);
  await watchDue(tx, ctx, await saveClock(tx, ctx, incident.id, { isPromised: true }), due);
}

/** It is over: nothing is due any more. */
async function stop({ tx, ctx, incident }: Told): Promise<void> {
  const clock = await findClock(tx, incident.id);
  if (clock) await saveClock(tx, ctx, incident.id, { dueAt: null, nextAt: null, isPromised: false });
}

const handlers: Partial<Record<EventType, (told: Told) => Promise<void>>> = {
  "incident.declared": start,
  "incident.accepted": start,
  "incident.reopened": start,
  "incident.unmerged": start,
  "update.published": restart,
  "incident.severity_changed": review,
  "incident.visibility_changed": review,
  "incident.changed": promise,
  "incident.resolved": stop,
  "incident.closed": stop,
  "incident.declined": stop,
  "incident.merged": stop,
};

/**
 * Says that an update is overdue, by an event whose step says whom it calls, and plans the next step.
 * One transaction. Safe to repeat: what is not the clock's next step any more, because it was told, published or
 * promised anew, or is over, stays quiet; steps that were slept through are one. That it is due, the queue says, whose
 * clock is the database's: this process's may be behind it.
 */
export async function remindOfUpdate(core: Core, { incidentId, nextAt: due }: Reminder): Promise<void> {
  const ctx = ctxFor(core, systemActor);
  await core.db.transaction(async (tx) => {
    const incident = await readRow(tx, incidentId);
    if (!incident || !isOpen(incident.status)) return;
    const clock = await findClock(tx, incidentId);
    if (!clock?.dueAt || clock.nextAt?.getTime() !== due.getTime()) return;
    if (incident.nextUpdateDueAt?.getTime() !== clock.dueAt.getTime()) {
      // Set by whoever tells no clock: it is a promise all the same.
      return watchDue(tx, ctx, { ...clock, isPromised: true }, incident.nextUpdateDueAt);
    }
    const now = new Date(Math.max(core.now().getTime(), due.getTime()));
    const { step, nextAt } = stepAt(clock.dueAt, now);
    const next = await saveClock(tx, ctx, incidentId, { reminded: step + 1, nextAt });
    await enqueueReminder(tx, core, next);
    const minutes = Math.round((now.getTime() - clock.dueAt.getTime()) / 60_000);
    await recordEvent(tx, ctx, {
      incidentId,
      type: "update.overdue",
      data: { step, minutes, dueAt: clock.dueAt.toISOString() },
      parts: ["updates"],
    });
  });
}

/**
 * Keeps the time of the next update, from the events that change it; before the queue starts.
 * `recover` makes the jobs again that a restored database lost.
 */
export function registerUpdateClock(core: Core): { recover(): Promise<void> } {
  for (const [type, handle] of Object.entries(handlers)) {
    core.handlers.on(type as EventType, async (tx, ctx, event) => {
      const incident = await readRow(tx, event.incidentId);
      if (incident) await handle({ tx, ctx, event, incident });
    });
  }
  core.queue.work(REMIND_JOB, {}, (data) => remindOfUpdate(core, reminderIn(data)));
  return {
    recover: () =>
      core.db.transaction(async (tx) => {
        const waiting = await tx.select().from(updateClocks).where(isNotNull(updateClocks.nextAt));
        for (const clock of waiting) await enqueueReminder(tx, core, clock);
      }),
  };
}
