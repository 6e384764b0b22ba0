import { and, desc, eq, inArray, ne } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { alerts, incidentServices, incidents, services } from "#/db/schema/index.ts";
import { requireAbility, visibleTo } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { findIncident, type IncidentRow } from "#/server/incidents/index.ts";
import { openStatuses } from "#/server/incidents/shared/lists.ts";
import type { SuggestionView } from "./contract.ts";
import { SUGGESTIONS_MAX } from "./shared/lists.ts";
import { type Comparable, LIKENESS_MIN, likenessOf } from "./similarity.ts";

/** Open incidents that are compared, the newest first; an organisation with more has other worries. */
const COMPARED_MAX = 100;
/** Alerts of all of them together. */
const COMPARED_ALERTS_MAX = 2_000;

async function comparables(q: Sql, rows: readonly IncidentRow[]): Promise<Map<string, Comparable>> {
  const ids = rows.map((row) => row.id);
  const ofServices = await q
    .select({ incidentId: incidentServices.incidentId, id: services.id, name: services.name })
    .from(incidentServices)
    .innerJoin(services, eq(services.id, incidentServices.serviceId))
    .where(inArray(incidentServices.incidentId, ids));
  const ofAlerts = await q
    .select()
    .from(alerts)
    .where(inArray(alerts.incidentId, ids))
    .orderBy(desc(alerts.lastAt))
    .limit(COMPARED_ALERTS_MAX);
  return new Map(
    rows.map((row) => {
      const own = ofAlerts.filter((alert) => alert.incidentId === row.id);
      const named = ofServices.filter((service) => service.incidentId === row.id);
      const pairs = own.flatMap((alert) => Object.entries(alert.labels).map(([name, value]) => `${name}=${value}`));
      return [
        row.id,
        {
          title: row.title,
          serviceIds: named.map((service) => service.id),
          serviceNames: named.map((service) => service.name),
          labels: new Set(pairs),
          alertNames: new Set(own.map((alert) => alert.labels.alertname ?? alert.title)),
          dedupKeys: new Set(own.map((alert) => alert.dedupKey)),
          integrationIds: new Set(own.map((alert) => alert.integrationId)),
          startedMs: (row.impactStartedAt ?? row.declaredAt).getTime(),
        },
      ];
    }),
  );
}

/** The open incidents that one may belong to, the likeliest first, each with its reasons. @throws AppError "not_found" */
export async function suggestMerge(q: Sql, ctx: Ctx, key: string): Promise<SuggestionView[]> {
  requireAbility(ctx.actor, "incidents.read");
  const incident = await findIncident(q, ctx, key);
  const open = await q
    .select()
    .from(incidents)
    .where(
      and(
        visibleTo(ctx.actor),
        inArray(incidents.status, [...openStatuses]),
        eq(incidents.mode, incident.mode),
        // What is private stays out of what others read, and the other way round.
        eq(incidents.visibility, incident.visibility),
        ne(incidents.id, incident.id),
      ),
    )
    .orderBy(desc(incidents.declaredAt), desc(incidents.id))
    .limit(COMPARED_MAX);
  const known = await comparables(q, [incident, ...open]);
  const own = known.get(incident.id);
  if (!own) return [];
  return open
    .map((row) => ({ row, ...likenessOf(own, known.get(row.id) ?? own) }))
    .filter(({ score }) => score >= LIKENESS_MIN)
    .sort((a, b) => b.score - a.score || b.row.declaredAt.getTime() - a.row.declaredAt.getTime())
    .slice(0, SUGGESTIONS_MAX)
    .map(({ row, score, reasons }) => ({
      incident: {
        id: row.id,
        reference: row.reference,
        title: row.title,
        status: row.status,
        severity: row.severity,
        declaredAt: row.declaredAt.toISOString(),
      },
      score,
      reasons,
    }));
}
