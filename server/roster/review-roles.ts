import { and, eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { incidents, roleReminders, rosterRoles } from "#/db/schema/index.ts";
import { systemActor } from "#/server/access/index.ts";
import { type Core, type Ctx, ctxFor, type EventType, holderEvents, recordEvent } from "#/server/events/index.ts";
import type { IncidentRow } from "#/server/incidents/index.ts";
import { isOpen } from "#/server/incidents/shared/lists.ts";
import { requiredRolesAt } from "#/server/settings/index.ts";
import { reminderPauseMs } from "./rules.ts";

const REMIND_JOB = "roster.remind";
/** The queue's clock is the database's, ours the process's. */
const CLOCK_TOLERANCE_MS = 1_000;

/** After these a role may be missing, or be missing no more. */
const REVIEWED_AFTER: readonly EventType[] = [
  "incident.declared",
  "incident.accepted",
  "incident.merged",
  "incident.unmerged",
  "incident.severity_changed",
  "incident.status_changed",
  "incident.resolved",
  "incident.reopened",
  "incident.closed",
  ...holderEvents,
];

/** The roles that this incident needs now and nobody holds. */
async function missingRoles(tx: Sql, row: IncidentRow): Promise<string[]> {
  if (!isOpen(row.status) || row.status === "triage" || row.mode === "retrospective") return [];
  const held = await tx.select().from(rosterRoles).where(eq(rosterRoles.incidentId, row.id));
  const filled = new Set(held.filter((role) => role.holderId).map((role) => role.role));
  const required = (await requiredRolesAt(tx))(row.severity);
  return [...new Set(["commander", ...required])].filter((role) => !filled.has(role));
}

async function enqueueReminder(tx: Sql, core: Pick<Core, "queue">, incidentId: string, startAt: Date): Promise<void> {
  await core.queue.enqueue(tx, REMIND_JOB, { incidentId }, { startAt });
}

async function readRow(tx: Sql, incidentId: string): Promise<IncidentRow | undefined> {
  // Locked: two reminders of one incident at once take turns.
  const [row] = await tx.select().from(incidents).where(eq(incidents.id, incidentId)).for("update");
  return row;
}

/** Begins to wait for each role that is missing, and ends the waiting for the others. Part of the caller's transaction. */
async function reviewRoles(tx: Sql, ctx: Ctx, row: IncidentRow): Promise<Set<string>> {
  const missing = await missingRoles(tx, row);
  const waiting = await tx.select().from(roleReminders).where(eq(roleReminders.incidentId, row.id));
  for (const { role } of waiting) {
    if (!missing.includes(role)) await tx.delete(roleReminders).where(isOf(row.id, role));
  }
  for (const role of missing) {
    if (waiting.some((each) => each.role === role)) continue;
    const nextAt = new Date(ctx.now().getTime() + (reminderPauseMs(role, 0) ?? 0));
    await tx.insert(roleReminders).values({ incidentId: row.id, role, missingSince: ctx.now(), nextAt });
    await enqueueReminder(tx, ctx, row.id, nextAt);
  }
  return new Set(missing);
}

function isOf(incidentId: string, role: string) {
  return and(eq(roleReminders.incidentId, incidentId), eq(roleReminders.role, role));
}

/**
 * Reminds of the roles whose time has come, by an event each, and plans the next reminder.
 * One transaction. Safe to repeat: what is not due stays quiet, and what was filled meanwhile is forgotten.
 */
export async function remindOfRoles(core: Core, incidentId: string): Promise<void> {
  const ctx = ctxFor(core, systemActor);
  await core.db.transaction(async (tx) => {
    const row = await readRow(tx, incidentId);
    if (!row) return;
    const missing = await reviewRoles(tx, ctx, row);
    const now = core.now();
    const waiting = await tx.select().from(roleReminders).where(eq(roleReminders.incidentId, incidentId));
    for (const { role, missingSince, reminded, nextAt } of waiting) {
      if (!missing.has(role) || !nextAt || nextAt.getTime() - now.getTime() > CLOCK_TOLERANCE_MS) continue;
      const pause = reminderPauseMs(role, reminded + 1);
      const next = pause === null ? null : new Date(now.getTime() + pause);
      await tx
        .update(roleReminders)
        .set({ reminded: reminded + 1, nextAt: next })
        .where(isOf(incidentId, role));
      if (next) await enqueueReminder(tx, core, incidentId, next);
      const minutes = Math.round((now.getTime() - missingSince.getTime()) / 60_000);
      await recordEvent(tx, ctx, {
        incidentId,
        type: "role.unfilled",
        data: { role, minutes, times: reminded + 1 },
        parts: ["roster"],
      });
    }
  });
}

/**
 * Watches which roles open incidents lack, from the events that change it; before the queue starts.
 * `recover` makes the jobs again that a restored database lost.
 */
export function registerRoleReminders(core: Core): { recover(): Promise<void> } {
  for (const type of REVIEWED_AFTER) {
    core.handlers.on(type, async (tx, ctx, event) => {
      const row = await readRow(tx, event.incidentId);
      if (row) await reviewRoles(tx, ctx, row);
    });
  }
  core.queue.work(REMIND_JOB, {}, (data) => remindOfRoles(core, String(data.incidentId)));
  return {
    recover: () =>
      core.db.transaction(async (tx) => {
        for (const { incidentId, nextAt } of await tx.select().from(roleReminders)) {
          if (nextAt) await enqueueReminder(tx, core, incidentId, nextAt);
        }
      }),
  };
}
