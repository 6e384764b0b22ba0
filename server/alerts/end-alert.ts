import { and, eq, inArray, sql } from "drizzle-orm";
import { type AlertEnding, alerts, timelineEntries } from "#/db/schema/index.ts";
import { declineInTransaction, type IncidentRow } from "#/server/incidents/index.ts";
import { isOpen } from "#/server/incidents/shared/lists.ts";
import type { AlertRow } from "./place-alert.ts";
import type { Turn } from "./routing/turn.ts";

const ALL_ENDED = "All its alerts ended before anybody accepted it.";

async function unresolvedIn(turn: Turn, incidentId: string): Promise<boolean> {
  await turn.writeAlerts();
  const [left] = await turn.tx
    .select({ id: alerts.id })
    .from(alerts)
    .where(
      and(
        sql`${alerts.incidentId} in (with recursive family as (
          select ${incidentId}::uuid as id
          union all
          select i.id from incidents i join family on i.merged_into_id = family.id) select id from family)`,
        inArray(alerts.status, ["firing", "acknowledged"]),
      ),
    )
    .limit(1);
  return left !== undefined;
}

async function proposeOnce(turn: Turn, incident: IncidentRow): Promise<void> {
  const [last] = await turn.tx
    .select({ type: timelineEntries.type })
    .from(timelineEntries)
    .where(
      and(
        eq(timelineEntries.incidentId, incident.id),
        inArray(timelineEntries.type, ["incident.resolve_proposed", "alert.attached"]),
      ),
    )
    .orderBy(sql`${timelineEntries.seq} desc`)
    .limit(1);
  if (last?.type === "incident.resolve_proposed") return;
  turn.record({ incidentId: incident.id, type: "incident.resolve_proposed" });
}

/** What the route's policy says now that an alert of this incident ended. Part of a turn. */
export async function afterEnd(turn: Turn, alert: AlertRow): Promise<void> {
  const policy = turn.routing.routes.find((route) => route.id === alert.routeId)?.autoResolve ?? "never";
  if (policy === "never" || !alert.incidentId) return;
  const incident = await turn.incident(alert.incidentId);
  if (!isOpen(incident.status) || (await unresolvedIn(turn, incident.id))) return;
  await turn.writeEntries(incident.id);
  if (incident.status === "triage") {
    turn.noteOpened(await declineInTransaction(turn.tx, turn.ctx, incident, { reason: ALL_ENDED }));
  } else if (policy === "propose") {
    await proposeOnce(turn, incident);
  }
}

/**
 * Ends an alert, says why, and tells its room. Part of a turn.
 * `at` is when the problem ended; what the alert is called and how bad it was stays.
 */
export async function endAlert(
  turn: Turn,
  alert: AlertRow,
  ending: Omit<AlertEnding, "at">,
  at: Date,
  reportedAt: Date | null = alert.reportedAt,
): Promise<AlertRow> {
  const { tx, ctx } = turn;
  const now = ctx.now();
  const changes = {
    status: "resolved" as const,
    resolvedAt: at,
    reportedAt,
    ending: { ...ending, at: now.toISOString() },
    dueAt: null,
    heldForId: null,
    foldedStatus: null,
    ...(ending.rule === "sender" && { lastAt: now }),
  };
  await tx.update(alerts).set(changes).where(eq(alerts.id, alert.id));
  const ended = { ...alert, ...changes };
  if (alert.incidentId) {
    const incident = await turn.incident(alert.incidentId);
    turn.record({
      incidentId: incident.id,
      type: "alert.resolved",
      data: {
        alertId: alert.id,
        alertTitle: alert.title,
        name: alert.labels.alertname ?? alert.title,
        ...(ending.rule !== "sender" && { text: ending.text }),
      },
      parts: ["alerts", "incident"],
    });
    await afterEnd(turn, ended);
  } else if (alert.heldForId) {
    turn.touch(alert.heldForId, "alerts");
  }
  return ended;
}
