import { desc, eq, inArray, type SQL, sql } from "drizzle-orm";
import { rows, type Sql } from "#/db/client.ts";
import { alertRoutes, alerts, incidents, integrations } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { chosenOf, fitting } from "./alert-filter.ts";
import type { AlertFacetsView, ListAlertsQuery } from "./contract.ts";
import { ALERTS_COUNTED_MAX, type AlertFacetName, alertFacetNames, FACET_VALUES_MAX } from "./shared/lists.ts";
import { sourceFile } from "./sources/index.ts";

type Counted = { facet: AlertFacetName | "total"; value: string; label: string; count: number };

/** Each facet as its value and the word for it, of the columns below. */
const valueAndLabel: Record<AlertFacetName, SQL> = {
  status: sql`status, status`,
  severity: sql`severity, severity`,
  service: sql`lower(service), service`,
  source: sql`source, source`,
  integration: sql`integration, integration_name`,
  route: sql`route, route_name`,
  team: sql`team, team`,
};

/** Counts the values of these facets over what fits, at most `ALERTS_COUNTED_MAX` alerts, and one more to know that. */
async function count(q: Sql, where: SQL | undefined, facets: readonly AlertFacetName[]): Promise<Counted[]> {
  const fit = q
    .select({
      status: sql`${alerts.status}`.as("status"),
      severity: sql`${alerts.severity}`.as("severity"),
      service: sql`${alerts.serviceName}`.as("service"),
      source: sql`${alerts.source}`.as("source"),
      integration: sql`${alerts.integrationId}::text`.as("integration"),
      integrationName: sql`${integrations.name}`.as("integration_name"),
      route: sql`${alertRoutes.id}::text`.as("route"),
      routeName: sql`${alertRoutes.name}`.as("route_name"),
      team: sql`${alerts.team}`.as("team"),
    })
    .from(alerts)
    .innerJoin(integrations, eq(integrations.id, alerts.integrationId))
    .leftJoin(alertRoutes, eq(alertRoutes.id, alerts.routeId))
    .leftJoin(incidents, eq(incidents.id, alerts.incidentId))
    .where(where)
    .orderBy(desc(alerts.lastAt), desc(alerts.id))
    .limit(ALERTS_COUNTED_MAX + 1);
  const values = [sql`('total', '', '')`, ...facets.map((name) => sql`(${name}, ${valueAndLabel[name]})`)];
  return rows<Counted>(
    q,
    sql`select facet.name as facet, facet.value, min(facet.label) as label, count(*)::int as count
      from ${fit} as fit, lateral (values ${sql.join(values, sql`, `)}) as facet(name, value, label)
      where facet.value is not null
      group by facet.name, facet.value
      order by count(*) desc, facet.value`,
  );
}

function named(facet: AlertFacetName, value: string, label: string): string {
  return facet === "source" ? (sourceFile(value)?.name ?? value) : label;
}

/** What is chosen and counts nothing stays to be taken back; integrations and routes are called by their names. */
async function absentees(q: Sql, name: AlertFacetName, values: readonly string[]) {
  const table = name === "integration" ? integrations : name === "route" ? alertRoutes : null;
  const known =
    table && values.length > 0
      ? await q
          .select({ value: sql<string>`${table.id}::text`, label: table.name })
          .from(table)
          .where(inArray(sql`${table.id}::text`, [...values]))
      : [];
  return values.map((value) => ({
    value,
    label: known.find((each) => each.value === value)?.label ?? named(name, value, value),
    count: 0,
  }));
}

/**
 * How many alerts have which value, among those that the actor may see and that fit the query. A facet is counted
 * without its own choice, so that it says what choosing another value would show.
 */
export async function countAlertFacets(q: Sql, ctx: Ctx, query: ListAlertsQuery): Promise<AlertFacetsView> {
  requireAbility(ctx.actor, "alerts.read");
  const chosen = alertFacetNames.filter((name) => chosenOf(query, name).length > 0);
  const free = alertFacetNames.filter((name) => !chosen.includes(name));
  const [shared, ...own] = await Promise.all([
    count(q, fitting(ctx.actor, query), free),
    ...chosen.map((name) => count(q, fitting(ctx.actor, query, name), [name])),
  ]);
  const total = shared?.find(({ facet }) => facet === "total")?.count ?? 0;
  const counted = [shared ?? [], ...own].flat();
  const facets = await Promise.all(
    alertFacetNames.map(async (name) => {
      const wanted = chosenOf(query, name).map((value) => (name === "service" ? value.toLowerCase() : value));
      const all = counted.filter(({ facet }) => facet === name);
      const shown = all.filter(({ value }, index) => index < FACET_VALUES_MAX || wanted.includes(value));
      const absent = wanted.filter((value) => !all.some((each) => each.value === value));
      const values = shown.map(({ value, label, count }) => ({ value, label: named(name, value, label), count }));
      return [name, [...values, ...(await absentees(q, name, absent))]] as const;
    }),
  );
  return {
    total: Math.min(total, ALERTS_COUNTED_MAX),
    isPartial: counted.some(({ facet, count }) => facet === "total" && count > ALERTS_COUNTED_MAX),
    facets: Object.fromEntries(facets) as AlertFacetsView["facets"],
  };
}
