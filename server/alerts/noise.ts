import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import { rows, type Sql } from "#/db/client.ts";
import { requireAbility, visibleTo } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";

const NOISE_DAYS_MAX = 90;
const NOISE_DAYS_DEFAULT = 30;
/** The night of the organisation's time zone: from ten in the evening to seven in the morning. */
const NIGHT_FROM_HOUR = 22;
const NIGHT_TO_HOUR = 7;
const NOISE_ROWS_MAX = 200;

export const noiseQuery = z.object({
  days: z.coerce.number().int().min(1).max(NOISE_DAYS_MAX).default(NOISE_DAYS_DEFAULT),
});
const noiseRow = z.object({
  id: z.string(),
  name: z.string(),
  alerts: z.number(),
  /** Reports, repeats among them. */
  reports: z.number(),
  /** Incidents that were opened for its alerts, and how many of them were declined. */
  incidents: z.number(),
  declined: z.number(),
  /** Declined of opened, 0 to 1; null where none was opened. */
  declinedShare: z.number().nullable(),
  /** How often its alerts fired again while they flapped. */
  flaps: z.number(),
  /** Incidents opened from 22 to 7 o'clock in the organisation's time zone. */
  nightPages: z.number(),
  suppressed: z.number(),
});
export const noiseView = z.object({
  from: z.string(),
  to: z.string(),
  timeZone: z.string(),
  routes: z.array(noiseRow),
  sources: z.array(noiseRow),
});
type NoiseRow = z.infer<typeof noiseRow>;

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
      order by incidents desc, alerts desc, 2
      limit ${NOISE_ROWS_MAX}`,
  );
  return found.map((row) => ({
    ...(row as Omit<NoiseRow, "declinedShare">),
    declinedShare: Number(row.incidents) > 0 ? Number(row.declined) / Number(row.incidents) : null,
  }));
}

/** Which routes and sources cry wolf: what their alerts of the last days opened, and what people made of it. */
export async function readNoise(ctx: Ctx, { days }: { days: number }): Promise<z.infer<typeof noiseView>> {
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
