import { and, desc, eq, ilike, inArray, ne, or, type SQL, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { alerts, intakes } from "#/db/schema/index.ts";
import { containsPattern } from "#/server/platform/cursor.ts";
import type { AlertRow } from "./place-alert.ts";
import type { AlertStatus } from "./shared/lists.ts";

/** Alerts that a sender may ask for at once. */
const ALERTS_MAX = 5_000;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export type AlertIdentifier = { value: string; kind: "id" | "alias" | "tiny" };

/** A short number for an alert: the first 48 bits of its id. Pure. */
export function tinyIdOf(alertId: string): string {
  return String(Number.parseInt(alertId.replaceAll("-", "").slice(0, 12), 16));
}

/** Where the id of a tiny id lies. */
function byTinyId(tiny: string): SQL {
  const number = /^\d{1,15}$/.test(tiny) ? Number(tiny) : Number.NaN;
  const hex = number < 2 ** 48 ? number.toString(16).padStart(12, "0") : null;
  if (hex === null) return sql`false`;
  const start = `${hex.slice(0, 8)}-${hex.slice(8)}`;
  const [from, to] = [`${start}-0000-0000-000000000000`, `${start}-ffff-ffff-ffffffffffff`];
  return sql`${alerts.id} between ${from}::uuid and ${to}::uuid`;
}

function conditionOf({ value, kind }: AlertIdentifier): SQL | undefined {
  if (kind === "tiny") return byTinyId(value);
  // A key in the place of an id is taken for what it is.
  return kind === "id" && UUID.test(value) ? eq(alerts.id, value) : eq(alerts.dedupKey, value.slice(0, 500));
}

/** The alert of an integration that its sender names, the open one first; undefined when there is none. */
export async function alertOf(
  q: Sql,
  integrationId: string,
  identifier: AlertIdentifier,
): Promise<AlertRow | undefined> {
  const [row] = await q
    .select()
    .from(alerts)
    .where(and(eq(alerts.integrationId, integrationId), conditionOf(identifier)))
    .orderBy(sql`${alerts.status} = 'resolved'`, desc(alerts.firstAt))
    .limit(1);
  return row;
}

/** The unresolved alerts of an integration, last seen first. */
export async function openAlertsOf(q: Sql, integrationId: string): Promise<AlertRow[]> {
  return q
    .select()
    .from(alerts)
    .where(and(eq(alerts.integrationId, integrationId), ne(alerts.status, "resolved")))
    .orderBy(desc(alerts.lastAt), desc(alerts.id))
    .limit(ALERTS_MAX);
}

export type AlertSearch = {
  statuses?: readonly AlertStatus[];
  severities?: readonly AlertRow["severity"][];
  alias?: string;
  tiny?: string;
  title?: string;
  tag?: string;
  text?: readonly string[];
  limit: number;
  offset: number;
};

/** Alerts of an integration as its sender searches them, the newest first. */
export async function searchAlertsOf(q: Sql, integrationId: string, search: AlertSearch): Promise<AlertRow[]> {
  const { statuses, severities, alias, tiny, title, tag, text = [] } = search;
  return q
    .select()
    .from(alerts)
    .where(
      and(
        eq(alerts.integrationId, integrationId),
        statuses && inArray(alerts.status, [...statuses]),
        severities && inArray(alerts.severity, [...severities]),
        alias === undefined ? undefined : eq(alerts.dedupKey, alias),
        tiny === undefined ? undefined : byTinyId(tiny),
        title === undefined ? undefined : ilike(alerts.title, containsPattern(title)),
        tag === undefined ? undefined : sql`jsonb_exists(${alerts.labels}, ${tag})`,
        ...text.map((word) =>
          or(ilike(alerts.title, containsPattern(word)), ilike(alerts.dedupKey, containsPattern(word))),
        ),
      ),
    )
    .orderBy(desc(alerts.firstAt), desc(alerts.id))
    .limit(search.limit)
    .offset(search.offset);
}

/** A delivery of an integration, as its sender asks for it; undefined when it is not its own. */
export async function intakeOfIntegration(q: Sql, integrationId: string, id: string) {
  if (!UUID.test(id)) return undefined;
  const [row] = await q
    .select({
      state: intakes.state,
      error: intakes.error,
      route: intakes.route,
      alerts: intakes.alerts,
      processedAt: intakes.processedAt,
    })
    .from(intakes)
    .where(and(eq(intakes.id, id), eq(intakes.integrationId, integrationId)));
  return row;
}
