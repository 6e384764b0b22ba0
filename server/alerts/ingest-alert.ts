import { and, desc, eq, ne, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { type AlertExplanation, alerts, type intakes, services } from "#/db/schema/index.ts";
import { type Ctx, recordEvent, touchRoom } from "#/server/events/index.ts";
import { mergeTarget, resolveServices } from "#/server/incidents/index.ts";
import { type AlertRow, placeAlert } from "./place-alert.ts";
import type { IntegrationRow } from "./receive-delivery.ts";
import type { AlertReport } from "./report.ts";
import { worse } from "./rules.ts";
import { isSilenceOver, SILENCED_RULE, suppressSilenced } from "./silences.ts";
import type { Ingested } from "./take-in.ts";

const LINKS_MAX = 20;

async function lockOpenAlert(tx: Sql, integrationId: string, dedupKey: string): Promise<AlertRow | undefined> {
  const [row] = await tx
    .select()
    .from(alerts)
    .where(and(eq(alerts.integrationId, integrationId), eq(alerts.dedupKey, dedupKey), ne(alerts.status, "resolved")))
    .for("update");
  return row;
}

async function lastResolved(tx: Sql, integrationId: string, dedupKey: string): Promise<AlertRow | undefined> {
  const [row] = await tx
    .select()
    .from(alerts)
    .where(and(eq(alerts.integrationId, integrationId), eq(alerts.dedupKey, dedupKey), eq(alerts.status, "resolved")))
    .orderBy(desc(alerts.startsAt))
    .limit(1);
  return row;
}

async function referenceOf(tx: Sql, incidentId: string | null): Promise<string | null> {
  return incidentId ? (await mergeTarget(tx, incidentId)).reference : null;
}

/** The same problem again: counted, never a new entry in the timeline. */
async function repeat(tx: Sql, ctx: Ctx, open: AlertRow, report: AlertReport): Promise<Ingested> {
  await tx
    .update(alerts)
    .set({
      count: open.count + 1,
      lastAt: ctx.now(),
      reportedAt: report.at ?? open.reportedAt,
      ...(report.severity && { severity: worse(open.severity, report.severity) }),
    })
    .where(eq(alerts.id, open.id));
  if (open.incidentId) await touchRoom(tx, ctx, (await mergeTarget(tx, open.incidentId)).id, ["alerts"]);
  return { id: open.id, rule: "repeat", incident: await referenceOf(tx, open.incidentId) };
}

/** Somebody acknowledged it at the sender. */
async function acknowledge(tx: Sql, ctx: Ctx, open: AlertRow): Promise<Ingested> {
  const placed = { id: open.id, rule: "acknowledge", incident: await referenceOf(tx, open.incidentId) };
  if (open.status !== "firing") return placed;
  await tx.update(alerts).set({ status: "acknowledged", acknowledgedAt: ctx.now() }).where(eq(alerts.id, open.id));
  if (open.incidentId) {
    await recordEvent(tx, ctx, {
      incidentId: (await mergeTarget(tx, open.incidentId)).id,
      type: "alert.acknowledged",
      data: { alertId: open.id, alertTitle: open.title, name: open.labels.alertname ?? open.title },
      parts: ["alerts", "incident"],
    });
  }
  return placed;
}

async function end(tx: Sql, ctx: Ctx, open: AlertRow, report: AlertReport): Promise<Ingested> {
  if (report.startsAt && report.startsAt < open.startsAt) {
    // The end of an earlier firing of this key, come late: the present one goes on.
    return { id: open.id, rule: "late-resolve", incident: await referenceOf(tx, open.incidentId) };
  }
  const now = ctx.now();
  await tx
    .update(alerts)
    .set({ status: "resolved", resolvedAt: report.endsAt ?? now, reportedAt: report.at, lastAt: now })
    .where(eq(alerts.id, open.id));
  if (open.incidentId) {
    const incident = await mergeTarget(tx, open.incidentId);
    await recordEvent(tx, ctx, {
      incidentId: incident.id,
      type: "alert.resolved",
      data: { alertId: open.id, alertTitle: open.title, name: open.labels.alertname ?? open.title },
      parts: ["alerts", "incident"],
    });
  }
  return { id: open.id, rule: "resolve", incident: await referenceOf(tx, open.incidentId) };
}

async function insertAlert(
  tx: Sql,
  ctx: Ctx,
  integration: IntegrationRow,
  intake: typeof intakes.$inferSelect,
  report: AlertReport,
): Promise<AlertRow> {
  const now = ctx.now();
  const [serviceId] = report.service ? await resolveServices(tx, [report.service]) : [integration.serviceId];
  const [service] = serviceId ? await tx.select().from(services).where(eq(services.id, serviceId)) : [];
  const pending: AlertExplanation = { rule: "new", text: "Not placed yet.", at: now.toISOString() };
  const [row] = await tx
    .insert(alerts)
    .values({
      integrationId: integration.id,
      source: intake.source,
      dedupKey: report.dedupKey.slice(0, 500),
      title: (report.title ?? report.description?.split("\n")[0] ?? `Alert from ${integration.name}`).slice(0, 300),
      description: (report.description ?? "").slice(0, 4_000),
      status: "firing",
      severity: report.severity ?? "warning",
      severityWord: report.severityWord?.slice(0, 100) ?? null,
      serviceName: service?.name ?? null,
      serviceId: service?.id ?? null,
      recognised: intake.recognised,
      reportedAt: report.at,
      firstAt: now,
      lastAt: now,
      startsAt: report.startsAt ?? now,
      links: report.links.slice(0, LINKS_MAX),
      labels: report.labels,
      explanation: pending,
    })
    .returning();
  if (!row) throw new Error("an inserted alert was not returned");
  return row;
}

/**
 * Takes in one report of an alert: repeats are counted, a resolve ends the open one, a new problem is placed.
 * Part of the caller's transaction. A lock on (integration, key) makes reports of one problem take turns.
 */
export async function ingestAlert(
  tx: Sql,
  ctx: Ctx,
  integration: IntegrationRow,
  intake: typeof intakes.$inferSelect,
  report: AlertReport,
): Promise<Ingested> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`${integration.id}\n${report.dedupKey}`}, 0))`);
  const dedupKey = report.dedupKey.slice(0, 500);
  const open = await lockOpenAlert(tx, integration.id, dedupKey);
  if (report.status === "resolved") {
    // Nothing to end: answered kindly, pages nobody.
    return open ? end(tx, ctx, open, report) : { id: "", rule: "unknown-resolve", incident: null };
  }
  if (report.status === "acknowledged") {
    return open ? acknowledge(tx, ctx, open) : { id: "", rule: "unknown-acknowledge", incident: null };
  }
  if (open && !(await isSilenceOver(tx, ctx, open))) return repeat(tx, ctx, open, report);
  if (open) return { id: open.id, ...(await placeAlert(tx, ctx, open, integration.name)) };
  const past = await lastResolved(tx, integration.id, dedupKey);
  if (past && report.startsAt && report.startsAt <= past.startsAt) {
    return { id: past.id, rule: "late-firing", incident: await referenceOf(tx, past.incidentId) };
  }
  const row = await insertAlert(tx, ctx, integration, intake, report);
  if (await suppressSilenced(tx, ctx, row)) return { id: row.id, rule: SILENCED_RULE, incident: null };
  const placed = await placeAlert(tx, ctx, row, integration.name);
  return { id: row.id, rule: placed.rule, incident: placed.incident };
}
