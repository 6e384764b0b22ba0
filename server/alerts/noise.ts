import { type SQL, sql } from "drizzle-orm";
import { rows, type Sql } from "#/db/client.ts";
import { requireAbility, visibleTo } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import type { NoiseRow, NoiseView } from "./contract.ts";
import { NIGHT_FROM_HOUR, NIGHT_TO_HOUR } from "./shared/lists.ts";

const NOISE_ROWS_MAX = 200;

async function counted(q: Sql, ctx: Ctx, from: Date, timeZone: string, by: { id: SQL; name: SQL; join: SQL }) {
  const isOpened = sql`(alerts.opened and incidents.mode = 'live')`;
  const hour = sql`extract(hour from incidents.declared_at at time zone ${timeZone})`;
  const found = await rows<Record<Exclude<keyof NoiseRow, "declinedShare">, string | number>>(
    q,
    sql`select ${by.id} as id, ${by.name} as name,
        count(*)::int as alerts,
        sum(alerts.count)::int as reports,
        (count(*) filter (where ${isOpened}))::int as incidents,
        (count(*) filter (where ${isOpened} and incidents.status = 'declined'))::int as declined,
        sum(alerts.flaps)::int as flaps,
        (count(*) filter (where ${isOpened} and (${hour} >= ${NIGHT_FROM_HOUR} or ${hour} < ${NIGHT_TO_HOUR})))::int as "nightPages",
        (count(*) filter (where alerts.explanation->>'rule' in ('muted', 'silenced', 'suppressed-by-route')))::int as suppressed
      from alerts left join incidents on incidents.id = alerts.incident_id ${by.join}
      where alerts.first_at >= ${from.toISOString()}::timestamptz
        and (alerts.incident_id is null or ${visibleTo(ctx.actor) ?? sql`true`})
      group by 1, 2
      order by declined desc, "nightPages" desc, flaps desc, incidents desc, alerts desc, 2
      limit ${NOISE_ROWS_MAX}`,
  );
  return found.map((row) => ({
    ...(row as Omit<NoiseRow, "declinedShare">),
    declinedShare: Number(row.incidents) > 0 ? Number(row.declined) / Number(row.incidents) : null,
  }));
}

/** Which routes and sources cry wolf, the worst first: what their alerts of the last days opened, and what people made of it. */
export async function readNoise(ctx: Ctx, { days }: { days: number }): Promise<NoiseView> {
  requireAbility(ctx.actor, "alerts.read");
  const q = ctx.db.read;
  const to = ctx.now();
  const from = new Date(to.getTime() - days * 24 * 3_600_000);
  const [zone] = await rows<{ zone: string | null }>(
    q,
    sql`select value->>'timeZone' as zone from settings where name = 'organisation'`,
  );
  const timeZone = zone?.zone ?? "UTC";
  const routes = await counted(q, ctx, from, timeZone, {
    id: sql`coalesce(alert_routes.id::text, '')`,
    name: sql`coalesce(alert_routes.name, 'A route that was removed')`,
    join: sql`left join alert_routes on alert_routes.id = alerts.route_id`,
  });
  const sources = await counted(q, ctx, from, timeZone, {
    id: sql`alerts.source`,
    name: sql`alerts.source`,
    join: sql``,
  });
  return { from: from.toISOString(), to: to.toISOString(), timeZone, routes, sources };
}
