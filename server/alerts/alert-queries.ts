import { and, desc, eq, ilike, inArray, isNull, or, type SQL, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Sql } from "#/db/client.ts";
import { alerts, incidents } from "#/db/schema/index.ts";
import { type Actor, requireAbility, visibleTo } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { containsPattern, decodeCursor, pageOf } from "#/server/platform/cursor.ts";
import { AppError } from "#/server/platform/errors.ts";
import type { AlertView } from "./contract.ts";
import { alertStatuses } from "./shared/lists.ts";

type Named = { id: string; reference: string };
type Found = { alert: typeof alerts.$inferSelect; incident: Named | null; heldFor: Named | null };
const endedIncidents = alias(incidents, "ended_incidents");

/** Alerts shown in one room at once; a storm of more is counted in the header. */
const ALERTS_IN_ROOM_MAX = 500;

function present({ alert, incident, heldFor }: Found): AlertView {
  return {
    id: alert.id,
    title: alert.title,
    description: alert.description,
    status: alert.status,
    severity: alert.severity,
    source: alert.source,
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
    team: alert.team,
    flapping: alert.foldedStatus !== null,
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
        incident: { id: incidents.id, reference: incidents.reference },
        heldFor: { id: endedIncidents.id, reference: endedIncidents.reference },
      })
      .from(alerts)
      .leftJoin(incidents, eq(incidents.id, alerts.incidentId))
      // Only public incidents hold alerts; one that became private since is not named.
      .leftJoin(endedIncidents, and(eq(endedIncidents.id, alerts.heldForId), eq(endedIncidents.visibility, "public")))
  );
}

/** An alert of a private incident is as private as the incident. */
function alertVisibleTo(actor: Actor): SQL | undefined {
  return or(isNull(alerts.incidentId), visibleTo(actor));
}

export type AlertFilter = {
  q?: string | undefined;
  status?: string | undefined;
  service?: string | undefined;
  source?: string | undefined;
  cursor?: string | undefined;
  limit: number;
};

/** The alerts that the actor may see, last seen first. */
export async function listAlerts(q: Sql, ctx: Ctx, filter: AlertFilter) {
  requireAbility(ctx.actor, "alerts.read");
  const after = decodeCursor(filter.cursor, ["instant", "id"]);
  const pattern = filter.q ? containsPattern(filter.q) : undefined;
  const statuses = alertStatuses.filter((status) => filter.status?.split(",").includes(status));
  const found = await select(q)
    .where(
      and(
        alertVisibleTo(ctx.actor),
        filter.status ? (statuses.length > 0 ? inArray(alerts.status, statuses) : sql`false`) : undefined,
        filter.service ? sql`lower(${alerts.serviceName}) = ${filter.service.toLowerCase()}` : undefined,
        filter.source ? eq(alerts.source, filter.source) : undefined,
        pattern
          ? or(
              ilike(alerts.title, pattern),
              ilike(alerts.serviceName, pattern),
              ilike(alerts.dedupKey, pattern),
              sql`${alerts.labels}::text ilike ${pattern}`,
            )
          : undefined,
        after ? sql`(${alerts.lastAt}, ${alerts.id}) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : undefined,
      ),
    )
    .orderBy(desc(alerts.lastAt), desc(alerts.id))
    .limit(filter.limit + 1);
  const page = pageOf(found, filter.limit, ({ alert }) => [alert.lastAt.toISOString(), alert.id]);
  return { items: page.items.map(present), nextCursor: page.nextCursor };
}

/** One alert. @throws AppError "not_found" also for one of an incident that the actor may not see. */
export async function getAlert(q: Sql, ctx: Ctx, alertId: string): Promise<AlertView> {
  requireAbility(ctx.actor, "alerts.read");
  const [found] = await select(q).where(and(eq(alerts.id, alertId), alertVisibleTo(ctx.actor)));
  if (!found) throw new AppError("not_found", "There is no such alert.");
  return present(found);
}

/** An incident's alerts and those of the incidents merged into it, firing first. The caller has checked its visibility. */
export async function listAlertsOfIncident(q: Sql, incidentId: string): Promise<AlertView[]> {
  const family = sql`(with recursive family as (
      select ${incidentId}::uuid as id
      union all
      select i.id from incidents i join family on i.merged_into_id = family.id) select id from family)`;
  const found = await select(q)
    .where(sql`${alerts.incidentId} in ${family}`)
    .orderBy(sql`${alerts.status} = 'resolved'`, desc(alerts.lastAt), desc(alerts.id))
    .limit(ALERTS_IN_ROOM_MAX);
  return found.map(present);
}
