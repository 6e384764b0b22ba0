import { randomUUID } from "node:crypto";
import type { intakes } from "#/db/schema/index.ts";
import type { KnownAlert } from "./known-alerts.ts";
import type { AlertRow, Placement } from "./place-alert.ts";
import type { IntegrationRow } from "./receive-delivery.ts";
import type { AlertReport } from "./report.ts";
import { LINKS_MAX, saidAt, titleOf } from "./report-rules.ts";
import type { RoutedAlert } from "./routing/route.ts";
import type { Turn } from "./routing/turn.ts";
import { holdsUntil } from "./stale-policy.ts";

type Intake = typeof intakes.$inferSelect;
/** One report of an alert, as it is taken in. */
export type Incoming = {
  turn: Turn;
  integration: IntegrationRow;
  intake: Intake;
  report: AlertReport;
  key: string;
  known: KnownAlert;
};

/** What routes see of it; a service that is new is made. */
export async function routedOf({ turn, integration, intake, report }: Incoming): Promise<RoutedAlert> {
  return {
    title: titleOf(report, integration.name),
    description: (report.description ?? "").slice(0, 4_000),
    status: "firing",
    severity: report.severity ?? "warning",
    source: intake.source,
    integration: { id: integration.id, name: integration.name },
    service: await turn.service(report.service ?? integration.serviceId),
    team: null,
    labels: report.labels,
    links: report.links.slice(0, LINKS_MAX),
    isUnrecognised: !intake.recognised,
    startsAt: report.startsAt ?? turn.ctx.now(),
  };
}

/** What an alert's row starts with, whatever becomes of it. */
export function newAlert(
  { turn, integration, intake, report, key }: Incoming,
  routed: RoutedAlert,
  recentStarts: number[],
): Omit<AlertRow, keyof Placement> {
  const now = turn.ctx.now();
  return {
    id: randomUUID(),
    integrationId: integration.id,
    source: intake.source,
    dedupKey: key,
    title: routed.title,
    description: routed.description,
    severityWord: report.severityWord?.slice(0, 100) ?? null,
    recognised: intake.recognised,
    reportedAt: saidAt(report),
    firstReportedAt: saidAt(report),
    firstAt: now,
    lastAt: now,
    startsAt: routed.startsAt,
    links: routed.links,
    labels: routed.labels,
    holdsUntil: holdsUntil(intake.source, report),
    recentStarts,
    count: 1,
    acknowledgedAt: null,
    resolvedAt: null,
    flaps: 0,
    flappingSince: null,
    foldedStatus: null,
    ending: null,
    details: null,
  };
}

/** The row of an alert whose end came before its start. */
export function endedAlert(incoming: Incoming, routed: RoutedAlert, endedAt: Date): AlertRow {
  const at = incoming.turn.ctx.now().toISOString();
  const text = "Its end arrived before its start: nobody was told.";
  return {
    ...newAlert(incoming, routed, []),
    status: "resolved",
    severity: routed.severity,
    serviceId: routed.service?.id ?? null,
    serviceName: routed.service?.name ?? null,
    team: null,
    routeId: null,
    groupKey: null,
    incidentId: null,
    heldForId: null,
    opened: false,
    asReported: null,
    dueAt: null,
    resolvedAt: endedAt,
    ending: { rule: "sender", text, at },
    explanation: { rule: "ended-before", text, at },
  };
}
