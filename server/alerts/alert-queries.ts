import { and, desc, eq, ne, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Sql } from "#/db/client.ts";
import { alertRoutes, alerts, incidents, integrations } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { decodeCursor, pageOf } from "#/server/platform/cursor.ts";
import { AppError } from "#/server/platform/errors.ts";
import { alertVisibleTo, fitting } from "./alert-filter.ts";
import type { AlertView, ListAlertsQuery } from "./contract.ts";
import { sourceFile } from "./sources/index.ts";

type Named = { id: string; reference: string };
type Found = {
  alert: typeof alerts.$inferSelect;
  integration: { id: string; name: string };
  route: { id: string; name: string } | null;
  incident: Named | null;
  heldFor: Named | null;
};
const endedIncidents = alias(incidents, "ended_incidents");

/** Alerts shown in one room at once; a storm of more is counted in the header. */
const ALERTS_IN_ROOM_MAX = 500;

function reportedBefore({ asReported }: Found["alert"]): AlertView["asReported"] {
  if (!asReported) return null;
  const { severity, service } = asReported;
  return { ...(severity && { severity }), ...(service !== undefined && { service: service?.name ?? null }) };
}

function present({ alert, integration, route, incident, heldFor }: Found): AlertView {
  return {
    id: alert.id,
    title: alert.title,
    description: alert.description,
    status: alert.status,
    severity: alert.severity,
    source: alert.source,
    sourceName: sourceFile(alert.source)?.name ?? alert.source,
    service: alert.serviceName,
    dedupKey: alert.dedupKey,
    count: alert.count,
    firstAt: alert.firstAt.toISOString(),
    lastAt: alert.lastAt.toISOString(),
    resolvedAt: alert.resolvedAt?.toISOString() ?? null,
    links: alert.links,
    labels: alert.labels,
    recognised: alert.recognised,
    incident,
    explanation: alert.explanation,
    integration,
    route,
    team: alert.team,
    asReported: reportedBefore(alert),
    flapping: alert.foldedStatus !== null,
    flaps: alert.flaps,
    acknowledgedAt: alert.acknowledgedAt?.toISOString() ?? null,
    heldFor,
    ending: alert.ending,
    details: alert.details,
  };
}

function select(q: Sql) {
  return (
    q
      .select({
        alert: alerts,
        integration: { id: integrations.id, name: integrations.name },
        route: { id: alertRoutes.id, name: alertRoutes.name },
        incident: { id: incidents.id, reference: incidents.reference },
        heldFor: { id: endedIncidents.id, reference: endedIncidents.reference },
      })
      .from(alerts)
      .innerJoin(integrations, eq(integrations.id, alerts.integrationId))
      .leftJoin(alertRoutes, eq(alertRoutes.id, alerts.routeId))
      .leftJoin(incidents, eq(incidents.id, alerts.incidentId))
      // Only public incidents hold alerts; one that became private since is not named.
      .leftJoin(endedIncidents, and(eq(endedIncidents.id, alerts.heldForId), eq(endedIncidents.visibility, "public")))
  );
}

export type AlertListQuery = ListAlertsQuery & { cursor?: string | undefined; limit: number };

/** The alerts that the actor may see, last seen first. */
export async function listAlerts(q: Sql, ctx: Ctx, query: AlertListQuery) {
  requireAbility(ctx.actor, "alerts.read");
  const after = decodeCursor(query.cursor, ["instant", "id"]);
  const found = await select(q)
    .where(
      and(
        fitting(ctx.actor, query),
        after ? sql`(${alerts.lastAt}, ${alerts.id}) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : undefined,
      ),
    )
    .orderBy(desc(alerts.lastAt), desc(alerts.id))
    .limit(query.limit + 1);
  const page = pageOf(found, query.limit, ({ alert }) => [alert.lastAt.toISOString(), alert.id]);
  return { items: page.items.map(present), nextCursor: page.nextCursor };
}

/** One alert. @throws AppError "not_found" also for one of an incident that the actor may not see. */
export async function getAlert(q: Sql, ctx: Ctx, alertId: string): Promise<AlertView> {
  requireAbility(ctx.actor, "alerts.read");
  const [found] = await select(q).where(and(eq(alerts.id, alertId), alertVisibleTo(ctx.actor)));
  if (!found) throw new AppError("not_found", "There is no such alert.");
  return present(found);
}

/** An incident and those merged into it. */
function familyOf(incidentId: string) {
  return sql`(with recursive family as (
      select ${incidentId}::uuid as id
      union all
      select i.id from incidents i join family on i.merged_into_id = family.id) select id from family)`;
}

/** An incident's alerts and those of the incidents merged into it, firing first. The caller has checked its visibility. */
export async function listAlertsOfIncident(q: Sql, incidentId: string): Promise<AlertView[]> {
  const found = await select(q)
    .where(sql`${alerts.incidentId} in ${familyOf(incidentId)}`)
    .orderBy(sql`${alerts.status} = 'resolved'`, desc(alerts.lastAt), desc(alerts.id))
    .limit(ALERTS_IN_ROOM_MAX);
  return found.map(present);
}

/** What fired again after the end of an incident and waits for somebody to choose. The caller has checked its visibility. */
export async function listHeldAlerts(q: Sql, incidentId: string): Promise<AlertView[]> {
  const found = await select(q)
    .where(and(sql`${alerts.heldForId} in ${familyOf(incidentId)}`, ne(alerts.status, "resolved")))
    .orderBy(desc(alerts.lastAt), desc(alerts.id))
    .limit(ALERTS_IN_ROOM_MAX);
  return found.map(present);
}
