import { and, asc, eq, inArray, isNull, ne, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { alerts, incidentServices, incidents } from "#/db/schema/index.ts";
import { type Ctx, recordEvent } from "#/server/events/index.ts";
import {
  createIncidentInTransaction,
  type IncidentRow,
  mergeTarget,
  suggestSeverity,
} from "#/server/incidents/index.ts";
import { openStatuses } from "#/server/incidents/shared/lists.ts";
import { incidentTitle, suggestedSeverity } from "./rules.ts";

export type AlertRow = typeof alerts.$inferSelect;
type Placed = { rule: string; incident: string };

/** The oldest open incident of a service: the one that people already work in. */
async function openIncidentOfService(tx: Sql, serviceId: string): Promise<IncidentRow | undefined> {
  const [row] = await tx
    .select({ incident: incidents })
    .from(incidents)
    .innerJoin(incidentServices, eq(incidentServices.incidentId, incidents.id))
    .where(
      and(
        eq(incidentServices.serviceId, serviceId),
        inArray(incidents.status, [...openStatuses]),
        eq(incidents.mode, "live"),
      ),
    )
    .orderBy(asc(incidents.declaredAt))
    .limit(1);
  return row?.incident;
}

/** For alerts without a service: the open incident that holds one of the same name from the same integration. */
async function openIncidentOfSameAlert(tx: Sql, alert: AlertRow): Promise<IncidentRow | undefined> {
  const name = alert.labels.alertname;
  const isSame = name ? sql`${alerts.labels}->>'alertname' = ${name}` : eq(alerts.title, alert.title);
  const [row] = await tx
    .select({ incidentId: alerts.incidentId })
    .from(alerts)
    .innerJoin(incidents, eq(incidents.id, alerts.incidentId))
    .where(
      and(
        eq(alerts.integrationId, alert.integrationId),
        isNull(alerts.serviceId),
        ne(alerts.id, alert.id),
        isSame,
        inArray(incidents.status, [...openStatuses, "merged"]),
        eq(incidents.mode, "live"),
      ),
    )
    .orderBy(asc(incidents.declaredAt))
    .limit(1);
  if (!row?.incidentId) return undefined;
  const target = await mergeTarget(tx, row.incidentId);
  return (openStatuses as readonly string[]).includes(target.status) ? target : undefined;
}

/** Attaches an alert to an incident and writes down why. Part of the caller's transaction. */
export async function attachTo(
  tx: Sql,
  ctx: Ctx,
  alert: AlertRow,
  incident: IncidentRow,
  explanation: { rule: string; text: string },
): Promise<void> {
  await tx
    .update(alerts)
    .set({ incidentId: incident.id, explanation: { ...explanation, at: ctx.now().toISOString() } })
    .where(eq(alerts.id, alert.id));
  await recordEvent(tx, ctx, {
    incidentId: incident.id,
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
  });
}

/**
 * Finds the incident that a new alert belongs to, or opens one in triage.
 * Part of the caller's transaction; alerts of one service take turns, so that a storm opens one incident.
 */
export async function placeAlert(tx: Sql, ctx: Ctx, alert: AlertRow, integrationName: string): Promise<Placed> {
  const scope = alert.serviceId ?? `${alert.integrationId}:${alert.labels.alertname ?? alert.title}`;
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`place:${scope}`}, 0))`);
  const found = alert.serviceId
    ? await openIncidentOfService(tx, alert.serviceId)
    : await openIncidentOfSameAlert(tx, alert);
  if (found) {
    const explanation = alert.serviceId
      ? { rule: "open-incident-of-service", text: `${found.reference} is open for ${alert.serviceName}.` }
      : {
          rule: "open-incident-of-same-alert",
          text: `${found.reference} holds the same alert from ${integrationName}.`,
        };
    await attachTo(tx, ctx, alert, found, explanation);
    await suggestSeverity(tx, found, suggestedSeverity(alert.severity));
    return { rule: explanation.rule, incident: found.reference };
  }
  const where = alert.serviceName ? `for ${alert.serviceName}` : `with the alert “${alert.title}”`;
  const explanation = { rule: "open-in-triage", text: `No incident was open ${where}.` };
  const opened = await createIncidentInTransaction(tx, ctx, {
    title: incidentTitle({ title: alert.title, labels: alert.labels, service: alert.serviceName }),
    status: "triage",
    services: alert.serviceId ? [alert.serviceId] : [],
    suggestedSeverity: suggestedSeverity(alert.severity),
    impactStartedAt: alert.startsAt,
    detectedAt: alert.firstAt,
    explanation,
  });
  await attachTo(tx, ctx, alert, opened, explanation);
  return { rule: explanation.rule, incident: opened.reference };
}
