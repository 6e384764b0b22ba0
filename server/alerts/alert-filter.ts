import { and, ilike, inArray, isNull, or, type SQL, sql } from "drizzle-orm";
import { alerts } from "#/db/schema/index.ts";
import { type Actor, visibleTo } from "#/server/access/index.ts";
import { containsPattern } from "#/server/platform/cursor.ts";
import type { ListAlertsQuery } from "./contract.ts";
import { type AlertFacetName, alertFacetNames, alertSeverities, alertStatuses } from "./shared/lists.ts";

/** An alert of a private incident is as private as the incident. The query has joined `incidents`. */
export function alertVisibleTo(actor: Actor): SQL | undefined {
  return or(isNull(alerts.incidentId), visibleTo(actor));
}

/** What was chosen of a facet. A status or severity may also come as a list with commas. Pure. */
export function chosenOf(query: ListAlertsQuery, name: AlertFacetName): string[] {
  const given = query[name];
  const values = typeof given === "string" ? [given] : (given ?? []);
  const isList = name === "status" || name === "severity";
  return values.flatMap((value) => (isList ? value.split(",") : [value])).filter(Boolean);
}

/** A word that names nothing fits nothing. */
function among<T extends string>(known: readonly T[], words: readonly string[], fits: (found: T[]) => SQL): SQL {
  const found = known.filter((each) => words.includes(each));
  return found.length > 0 ? fits(found) : sql`false`;
}

const conditions: Record<AlertFacetName, (values: string[]) => SQL> = {
  status: (values) => among(alertStatuses, values, (found) => inArray(alerts.status, found)),
  severity: (values) => among(alertSeverities, values, (found) => inArray(alerts.severity, found)),
  service: (values) =>
    inArray(
      sql`lower(${alerts.serviceName})`,
      values.map((value) => value.toLowerCase()),
    ),
  source: (values) => inArray(alerts.source, values),
  integration: (values) => inArray(sql`${alerts.integrationId}::text`, values),
  route: (values) => inArray(sql`${alerts.routeId}::text`, values),
  team: (values) => inArray(alerts.team, values),
};

function found(text: string): SQL | undefined {
  const pattern = containsPattern(text);
  return or(
    ilike(alerts.title, pattern),
    ilike(alerts.serviceName, pattern),
    ilike(alerts.dedupKey, pattern),
    sql`exists (select 1 from jsonb_each_text(${alerts.labels}) as label(name, value)
      where label.value ilike ${pattern} or label.name || '=' || label.value ilike ${pattern})`,
  );
}

/** The alerts that the actor may see and that fit the query, one facet of it left out. The query has joined `incidents`. */
export function fitting(actor: Actor, query: ListAlertsQuery, without?: AlertFacetName): SQL | undefined {
  const chosen = alertFacetNames.map((name) => {
    const values = name === without ? [] : chosenOf(query, name);
    return values.length > 0 ? conditions[name](values) : undefined;
  });
  return and(alertVisibleTo(actor), ...chosen, query.q ? found(query.q) : undefined);
}
