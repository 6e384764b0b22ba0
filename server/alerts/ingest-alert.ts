import { eq, sql } from "drizzle-orm";
import { alertEnds, alerts } from "#/db/schema/index.ts";
import { suggestSeverity } from "#/server/incidents/index.ts";
import { isOpen } from "#/server/incidents/shared/lists.ts";
import { endAlert } from "./end-alert.ts";
import { keyOf, knownOf } from "./known-alerts.ts";
import { endedAlert, type Incoming, newAlert, routedOf } from "./new-alert.ts";
import { type AlertRow, announce, choosePlace, placeAgain, settle } from "./place-alert.ts";
import type { IntegrationRow } from "./receive-delivery.ts";
import type { AlertReport } from "./report.ts";
import {
  FLAP_CALM_MS,
  filledIn,
  isEndedBefore,
  isFlapping,
  isLateEnd,
  isLateFiring,
  isReleased,
  MUTE_ENDED,
  saidAt,
  staleAt,
  startsWith,
} from "./report-rules.ts";
import { reportedOf } from "./reported-alert.ts";
import type { Turn } from "./routing/turn.ts";
import { suggestedSeverity } from "./rules.ts";
import { holdsUntil, stalePolicy } from "./stale-policy.ts";
import type { Ingested } from "./take-in.ts";

async function referenceOf(turn: Turn, alert: AlertRow): Promise<string | null> {
  return alert.incidentId ? (await turn.incident(alert.incidentId)).reference : null;
}

function later(a: Date | null, b: Date | null): Date | null {
  if (!a || !b) return a ?? b;
  return a > b ? a : b;
}

/** The same problem again: counted, never a new entry in the timeline. */
async function repeat({ turn, integration, report }: Incoming, open: AlertRow): Promise<Ingested> {
  const { tx, ctx } = turn;
  const now = ctx.now();
  const filled = filledIn(open, report, integration.name);
  const until = holdsUntil(open.source, report);
  const stale = staleAt(stalePolicy(turn, open), { holdsUntil: until, lastAt: now }).at;
  const changes = {
    ...filled,
    count: open.count + 1,
    lastAt: now,
    holdsUntil: until,
    reportedAt: later(open.reportedAt, saidAt(report)),
    // A mute or a choice has its own time; it is not put off by a repeat.
    ...(!open.heldForId && !open.explanation.mute && { dueAt: stale }),
  };
  await tx.update(alerts).set(changes).where(eq(alerts.id, open.id));
  const after = { ...open, ...changes };
  if (isReleased(open, now)) {
    const why = { rule: "mute-ended", text: MUTE_ENDED };
    return { id: open.id, ...(await placeAgain(turn, after, reportedOf(after, integration), stale, why)) };
  }
  if (open.explanation.rule === "below-threshold" && open.status !== "suppressed" && !open.incidentId) {
    return { id: open.id, ...(await placeAgain(turn, after, reportedOf(after, integration), stale)) };
  }
  if (open.incidentId) {
    const incident = await turn.incident(open.incidentId);
    turn.touch(incident.id, "alerts", ...(filled.severity ? (["incident"] as const) : []));
    if (filled.severity) await suggestSeverity(tx, incident, suggestedSeverity(filled.severity));
  } else if (open.heldForId) turn.touch(open.heldForId, "alerts");
  return { id: open.id, rule: "repeat", incident: await referenceOf(turn, open) };
}

/** Somebody acknowledged it at the sender. */
async function acknowledge({ turn }: Incoming, open: AlertRow): Promise<Ingested> {
  const { tx, ctx } = turn;
  const placed = { id: open.id, rule: "acknowledge", incident: await referenceOf(turn, open) };
  if (open.status !== "firing") return placed;
  await tx.update(alerts).set({ status: "acknowledged", acknowledgedAt: ctx.now() }).where(eq(alerts.id, open.id));
  if (open.incidentId) {
    turn.record({
      incidentId: (await turn.incident(open.incidentId)).id,
      type: "alert.acknowledged",
      data: { alertId: open.id, alertTitle: open.title, name: open.labels.alertname ?? open.title },
      parts: ["alerts", "incident"],
    });
  }
  return placed;
}

/** What a flapping alert's sender says now: kept with the alert, and its timer starts again. */
async function fold(incoming: Incoming, alert: AlertRow, status: "firing" | "resolved"): Promise<Ingested> {
  const { turn, report, integration } = incoming;
  const now = turn.ctx.now();
  const isNew = alert.foldedStatus !== status;
  const changes = {
    foldedStatus: status,
    lastAt: now,
    reportedAt: later(alert.reportedAt, saidAt(report)),
    ...(status === "firing" && { count: alert.count + 1 }),
    ...(isNew && { dueAt: new Date(now.getTime() + FLAP_CALM_MS) }),
    ...(isNew && status === "firing" && { flaps: alert.flaps + 1 }),
  };
  await turn.tx.update(alerts).set(changes).where(eq(alerts.id, alert.id));
  const after = { ...alert, ...changes };
  if (isNew && status === "firing" && !(await isInOpenIncident(turn, after))) {
    // People ended the incident meanwhile: a problem that goes on is theirs to place again.
    await turn.tx.update(alerts).set({ foldedStatus: null }).where(eq(alerts.id, alert.id));
    const stale = staleAt(stalePolicy(turn, after), after).at;
    return { id: alert.id, ...(await placeAgain(turn, after, reportedOf(after, integration), stale)) };
  }
  if (alert.incidentId) turn.touch((await turn.incident(alert.incidentId)).id, "alerts");
  return { id: alert.id, rule: "flapping", incident: await referenceOf(turn, alert) };
}

async function isInOpenIncident(turn: Turn, alert: AlertRow): Promise<boolean> {
  return alert.incidentId !== null && isOpen((await turn.incident(alert.incidentId)).status);
}

async function end(incoming: Incoming, open: AlertRow): Promise<Ingested> {
  const { turn, report } = incoming;
  const answer = async (rule: string) => ({ id: open.id, rule, incident: await referenceOf(turn, open) });
  if (isLateEnd(report, open, incoming.known.past !== undefined)) return answer("late-resolve");
  if (open.flappingSince && open.foldedStatus) return fold(incoming, open, "resolved");
  const ending = { rule: "sender", text: "Its sender said that it is over." };
  await endAlert(turn, open, ending, report.endsAt ?? turn.ctx.now(), later(open.reportedAt, saidAt(report)));
  return answer("resolve");
}

/** An end without a start: kept for a day, so that a firing that was overtaken by it opens nothing. */
async function rememberEnd(incoming: Incoming): Promise<Ingested> {
  const { turn, integration, intake, report, key } = incoming;
  const unknown = { id: "", rule: "unknown-resolve", incident: null };
  const { past } = incoming.known;
  const at = saidAt(report);
  const isRepeated =
    past && ((report.startsAt && report.startsAt <= past.startsAt) || (at && past.reportedAt && at <= past.reportedAt));
  if (isRepeated) return unknown;
  const endedAt = at ?? intake.receivedAt;
  await turn.tx
    .insert(alertEnds)
    .values({ integrationId: integration.id, dedupKey: key, endedAt, receivedAt: turn.ctx.now() })
    .onConflictDoUpdate({
      target: [alertEnds.integrationId, alertEnds.dedupKey],
      set: { endedAt: sql`greatest(${alertEnds.endedAt}, excluded.ended_at)`, receivedAt: sql`excluded.received_at` },
    });
  return unknown;
}

/** Fires again and again: its last alert is taken up once more, and what comes is folded into it. */
async function startFolding(incoming: Incoming, past: AlertRow, starts: number[]): Promise<Ingested> {
  const { turn, report } = incoming;
  const { tx, ctx } = turn;
  const now = ctx.now();
  const changes = {
    status: "firing" as const,
    resolvedAt: null,
    ending: null,
    flappingSince: past.flappingSince ?? now,
    foldedStatus: "firing" as const,
    flaps: past.flaps + 1,
    count: past.count + 1,
    recentStarts: starts,
    lastAt: now,
    reportedAt: later(past.reportedAt, saidAt(report)),
    dueAt: new Date(now.getTime() + FLAP_CALM_MS),
  };
  await tx.update(alerts).set(changes).where(eq(alerts.id, past.id));
  if (past.incidentId) {
    turn.record({
      incidentId: (await turn.incident(past.incidentId)).id,
      type: "alert.flapping",
      data: { alertId: past.id, alertTitle: past.title, name: past.labels.alertname ?? past.title },
      parts: ["alerts", "incident"],
    });
  }
  return { id: past.id, rule: "flapping", incident: await referenceOf(turn, past) };
}

/** Its end came first: recorded as what it was, and nobody is paged. */
async function insertEnded(incoming: Incoming, endedAt: Date): Promise<Ingested> {
  const row = endedAlert(incoming, await routedOf(incoming), endedAt);
  incoming.turn.addAlert(row);
  return { id: row.id, rule: row.explanation.rule, incident: null };
}

async function fire(incoming: Incoming): Promise<Ingested> {
  const { turn, report } = incoming;
  const { past, end: endedAt } = incoming.known;
  if (past && isLateFiring(report, past)) {
    return { id: past.id, rule: "late-firing", incident: await referenceOf(turn, past) };
  }
  if (endedAt && isEndedBefore(report, endedAt)) return insertEnded(incoming, endedAt);
  const routed = await routedOf(incoming);
  const starts = startsWith(past?.recentStarts ?? [], routed.startsAt);
  if (past && isFlapping(starts) && past.ending?.rule === "sender" && (await isInOpenIncident(turn, past))) {
    return startFolding(incoming, past, starts);
  }
  const values = newAlert(incoming, routed, starts);
  const chosen = await choosePlace(turn, routed);
  const placement = await settle(turn, chosen, values, routed);
  const policy = stalePolicy(turn, { ...placement, source: values.source, recognised: values.recognised });
  const dueAt = placement.dueAt ?? staleAt(policy, values).at;
  const row = { ...values, ...placement, dueAt };
  turn.addAlert(row);
  return { id: row.id, rule: chosen.decision.rule, incident: await announce(turn, row, chosen) };
}

/**
 * Takes in one report of an alert: repeats are counted, a resolve ends the open one, a new problem is placed.
 * Part of a turn. The sender's time decides what came when, the order of arrival where it names none.
 */
export async function ingestAlert(
  turn: Turn,
  integration: IntegrationRow,
  intake: Incoming["intake"],
  report: AlertReport,
): Promise<Ingested> {
  const key = keyOf(report);
  const known = await knownOf(turn, integration.id, key);
  const incoming = { turn, integration, intake, report, key, known };
  const { open } = known;
  switch (report.status) {
    case "resolved":
      // Nothing to end: answered kindly, pages nobody.
      return open ? end(incoming, open) : rememberEnd(incoming);
    case "acknowledged":
      return open ? acknowledge(incoming, open) : { id: "", rule: "unknown-acknowledge", incident: null };
    case "firing":
      if (!open) return fire(incoming);
      return open.flappingSince && open.foldedStatus ? fold(incoming, open, "firing") : repeat(incoming, open);
  }
}
