import { and, eq, inArray, isNull, ne, sql } from "drizzle-orm";
import { rows, type Sql } from "#/db/client.ts";
import { type AlertExplanation, alerts } from "#/db/schema/index.ts";
import { type Ctx, type NewEvent, recordEvent, touchRoom } from "#/server/events/index.ts";
import {
  bringServices,
  createIncidentInTransaction,
  type IncidentRow,
  suggestSeverity,
} from "#/server/incidents/index.ts";
import { SERVICES_PER_INCIDENT_MAX } from "#/server/incidents/shared/lists.ts";
import { type Decision, decide, type PlaceState } from "./routing/decide.ts";
import { type Match, matchRoute, type Step } from "./routing/match-route.ts";
import type { RoutedAlert } from "./routing/route.ts";
import type { Turn } from "./routing/turn.ts";
import { incidentTitle, suggestedSeverity } from "./rules.ts";

export type AlertRow = typeof alerts.$inferSelect;
export type Chosen = { match: Match; decision: Decision };
/** What a decision makes of an alert's row; `dueAt` null leaves the time to the stale policy. */
export type Placement = Pick<
  AlertRow,
  | "status"
  | "severity"
  | "serviceId"
  | "serviceName"
  | "team"
  | "routeId"
  | "groupKey"
  | "incidentId"
  | "heldForId"
  | "opened"
  | "explanation"
  | "asReported"
  | "dueAt"
>;
type Placing = { id: string; title: string; labels: Record<string, string>; firstAt: Date };

const MINUTE_MS = 60_000;

/** Which route an alert takes and where it belongs, with nothing written yet. Part of a turn. */
export async function choosePlace(turn: Turn, reported: RoutedAlert): Promise<Chosen> {
  const now = turn.ctx.now();
  const matched = () => matchRoute(reported, turn.routing.routes, turn.routing.timeZone, now);
  let match = matched();
  const named = match.alert.service?.id;
  if (named && named !== reported.service?.id && !(await turn.hasService(named))) {
    await turn.rereadRouting();
    match = matched();
  }
  const { route, alert } = match;
  const group = await turn.group(match.group.key);
  const inGroup = await turn.placedIn(group);
  const isSettled = inGroup?.endedAt === null && route.groupWindowMinutes === null;
  const since = new Date(now.getTime() - route.debounceMinutes * MINUTE_MS);
  const state: PlaceState = {
    mutes: turn.routing.mutes,
    group: group && { openedAt: group.openedAt, lastAt: group.lastAt, recent: group.recent, incident: inGroup },
    ofService:
      alert.service && !isSettled ? await turn.ofService(alert.service.id, since, route.groupBy.length > 0) : null,
    candidates: null,
    edges: [],
  };
  const decision = decide(match, state, now);
  if (decision.kind !== "ask-candidates") return { match, decision };
  const decided = decide(match, { ...state, ...(await turn.surroundings()) }, now);
  if (decided.kind === "ask-candidates") throw new Error("a decision asked twice for what else is open");
  return { match, decision: decided };
}

/** The words and the facts of a decision, as the alert carries them. Pure. */
export function explanationOf({ match, decision }: Chosen, now: Date): AlertExplanation {
  return {
    rule: decision.rule,
    text: decision.text,
    at: now.toISOString(),
    route: { id: match.route.id, name: match.route.name },
    group: match.group.words,
    ...(decision.window && { window: decision.window }),
    ...(decision.kind === "suppress" && decision.mute && { mute: { id: decision.mute.id, kind: decision.mute.kind } }),
    steps: decision.steps,
  };
}

async function open(turn: Turn, { match, decision }: Chosen, placing: Placing): Promise<IncidentRow> {
  const { alert } = match;
  const severity = suggestedSeverity(alert.severity);
  const isDeclared = decision.kind === "open" && decision.status === "investigating";
  const opened = await createIncidentInTransaction(turn.tx, turn.ctx, {
    title: incidentTitle({ title: placing.title, labels: placing.labels, service: alert.service?.name ?? null }),
    status: isDeclared ? "investigating" : "triage",
    ...(isDeclared && { severity }),
    services: alert.service ? [alert.service.id] : [],
    suggestedSeverity: severity,
    impactStartedAt: alert.startsAt,
    detectedAt: placing.firstAt,
    explanation: { rule: decision.rule, text: decision.text, routeId: match.route.id },
  });
  turn.noteOpened(opened);
  return opened;
}

/** An incident that alerts of a related service joined is that service's incident from then on. */
async function addService(turn: Turn, incident: IncidentRow, serviceId: string): Promise<void> {
  const added = await rows(
    turn.tx,
    sql`insert into incident_services (incident_id, service_id)
      select ${incident.id}, ${serviceId}
      where (select count(*) from incident_services where incident_id = ${incident.id}) < ${SERVICES_PER_INCIDENT_MAX}
      on conflict do nothing returning service_id`,
  );
  if (added.length > 0) turn.noteChanged(await bringServices(turn.tx, turn.ctx, incident));
}

async function incidentFor(turn: Turn, chosen: Chosen, placing: Placing): Promise<IncidentRow | null> {
  const { decision, match } = chosen;
  if (decision.kind === "open") return open(turn, chosen, placing);
  if (decision.kind !== "attach") return null;
  const row = await turn.incident(decision.incident.id);
  if (decision.isRelated && match.alert.service) await addService(turn, row, match.alert.service.id);
  const suggestion = suggestedSeverity(match.alert.severity);
  await suggestSeverity(turn.tx, row, suggestion);
  return row;
}

/**
 * Carries out a decision as far as it concerns others than the alert's own row: opens the incident, keeps the group.
 * Answers what the row becomes. `announce` follows once the row is written.
 */
export async function settle(turn: Turn, chosen: Chosen, placing: Placing, reported: RoutedAlert): Promise<Placement> {
  const { match, decision } = chosen;
  const { alert, route, group } = match;
  const incident = await incidentFor(turn, chosen, placing);
  if (incident) await turn.keepGroup(match, incident.id);
  if (decision.kind === "wait") await turn.keepGroup(match, null, decision.recent);
  const asReported = {
    ...(alert.severity !== reported.severity && { severity: reported.severity }),
    ...(alert.service?.id !== reported.service?.id && { service: reported.service }),
  };
  return {
    status: decision.kind === "suppress" ? "suppressed" : "firing",
    severity: alert.severity,
    serviceId: alert.service?.id ?? null,
    serviceName: alert.service?.name ?? null,
    team: alert.team,
    routeId: route.id,
    groupKey: group.key,
    incidentId: incident?.id ?? null,
    heldForId: decision.kind === "hold" ? decision.incident.id : null,
    opened: decision.kind === "open",
    explanation: explanationOf(chosen, turn.ctx.now()),
    asReported: Object.keys(asReported).length > 0 ? asReported : null,
    dueAt:
      decision.kind === "hold" ? decision.until : decision.kind === "suppress" ? (decision.mute?.until ?? null) : null,
  };
}

type Attached = Pick<AlertRow, "id" | "title" | "labels" | "serviceName" | "severity" | "source">;

/** The entry that says that an alert is in an incident, and why. Pure. */
function attachedEvent(alert: Attached, incidentId: string, explanation: { rule: string; text: string }): NewEvent {
  return {
    incidentId,
    type: "alert.attached",
    data: {
      alertId: alert.id,
      alertTitle: alert.title,
      name: alert.labels.alertname ?? alert.title,
      service: alert.serviceName,
      severity: alert.severity,
      source: alert.source,
      rule: explanation.rule,
      text: explanation.text,
    },
    parts: ["alerts", "incident"],
  };
}

type Why = { rule: string; text: string };

/** Writes into an alert's row that it is in an incident, and why. Answers the entry for the timeline, for the caller to write. */
export async function moveTo(
  tx: Sql,
  ctx: Ctx,
  alert: AlertRow,
  incident: Pick<IncidentRow, "id">,
  explanation: Why,
): Promise<NewEvent> {
  const { route, group } = alert.explanation;
  await tx
    .update(alerts)
    .set({
      incidentId: incident.id,
      heldForId: null,
      explanation: {
        ...explanation,
        at: ctx.now().toISOString(),
        ...(route && { route }),
        ...(group && { group }),
      },
    })
    .where(eq(alerts.id, alert.id));
  // The room of the end after which it was held has one less to choose for.
  if (alert.heldForId && alert.heldForId !== incident.id) await touchRoom(tx, ctx, alert.heldForId, ["alerts"]);
  return attachedEvent(alert, incident.id, explanation);
}

/** Attaches an alert to an incident and writes down why. Part of the caller's transaction. */
export async function attachTo(
  tx: Sql,
  ctx: Ctx,
  alert: AlertRow,
  incident: Pick<IncidentRow, "id">,
  explanation: Why,
): Promise<void> {
  await recordEvent(tx, ctx, await moveTo(tx, ctx, alert, incident, explanation));
}

/** The other alerts of a group that waited for its threshold go where the last one went. */
async function gatherWaiting(turn: Turn, alert: AlertRow, incidentId: string, reference: string): Promise<void> {
  await turn.writeAlerts();
  const waiting = await turn.tx
    .select()
    .from(alerts)
    .where(
      and(
        eq(alerts.groupKey, alert.groupKey ?? ""),
        isNull(alerts.incidentId),
        inArray(alerts.status, ["firing", "acknowledged"]),
        sql`${alerts.explanation}->>'rule' = 'below-threshold'`,
        ne(alerts.id, alert.id),
      ),
    )
    .orderBy(alerts.id)
    .for("update");
  // Some of them may be reported again in this turn.
  turn.foreseen.clear();
  const explanation = { rule: "threshold-reached", text: `The threshold of its group was reached: ${reference}.` };
  for (const row of waiting) turn.record(await moveTo(turn.tx, turn.ctx, row, { id: incidentId }, explanation));
}

/** Tells the rooms what was decided for an alert whose row is written. Answers the incident's reference. */
export async function announce(turn: Turn, alert: AlertRow, { match, decision }: Chosen): Promise<string | null> {
  if (decision.kind === "hold") {
    await announceHeld(turn, alert, decision.incident.id, decision.text);
    return null;
  }
  if (!alert.incidentId) return null;
  const incident = await turn.incident(alert.incidentId);
  turn.record(attachedEvent(alert, incident.id, decision));
  if (match.route.thresholdCount !== null) await gatherWaiting(turn, alert, incident.id, incident.reference);
  return incident.reference;
}

/** One entry for all alerts that are held after one end: the last commander hears of the first. */
async function announceHeld(turn: Turn, alert: AlertRow, incidentId: string, text: string): Promise<void> {
  await turn.writeAlerts();
  const [other] = await turn.tx
    .select({ id: alerts.id })
    .from(alerts)
    .where(and(eq(alerts.heldForId, incidentId), ne(alerts.status, "resolved"), ne(alerts.id, alert.id)))
    .limit(1);
  if (other) return turn.touch(incidentId, "alerts");
  turn.record({
    incidentId,
    type: "alert.held",
    data: {
      alertId: alert.id,
      alertTitle: alert.title,
      name: alert.labels.alertname ?? alert.title,
      service: alert.serviceName,
      severity: alert.severity,
      text,
    },
    parts: ["alerts", "incident"],
  });
}

/** Places an alert that is stored already: its mute ended, its group reached the threshold, nobody chose in time. */
export async function placeAgain(
  turn: Turn,
  alert: AlertRow,
  reported: RoutedAlert,
  dueAt: Date,
  why?: Step,
): Promise<{ rule: string; incident: string | null }> {
  const chosen = await choosePlace(turn, reported);
  if (why) chosen.decision.steps.unshift(why);
  const placement = await settle(turn, chosen, alert, reported);
  const changes = {
    ...placement,
    dueAt: placement.dueAt ?? dueAt,
    // Somebody may have acknowledged it meanwhile.
    status: placement.status === "firing" && alert.status === "acknowledged" ? alert.status : placement.status,
  };
  await turn.tx.update(alerts).set(changes).where(eq(alerts.id, alert.id));
  if (alert.heldForId) turn.touch(alert.heldForId, "alerts");
  const incident = await announce(turn, { ...alert, ...changes }, chosen);
  return { rule: chosen.decision.rule, incident };
}
