import { and, asc, desc, eq, gte, inArray, lt, ne, notInArray, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { alerts, incidentServices, incidents, services } from "#/db/schema/index.ts";
import { requireAbility, visibleTo } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { severities } from "#/server/incidents/shared/lists.ts";
import { AppError } from "#/server/platform/errors.ts";
import { durationsOf } from "#/server/postmortem/shared/durations.ts";
import {
  MEASURED_INCIDENTS_MAX,
  MEASURES_DAYS_DEFAULT,
  type Measured,
  type MeasureGrouping,
  type MeasuresQuery,
  type MeasuresView,
} from "./contract.ts";
import { distributionOf } from "./distribution.ts";

const DAY_MS = 86_400_000;
const NONE = "none";

type Point = MeasuresView["points"][number] & { id: string };

/** The instants of the query: a day starts at midnight UTC, and as an end it is included. */
function periodOf(query: MeasuresQuery, now: Date): { from: Date; to: Date } {
  const isDay = (value: string) => value.length === 10;
  const to = query.to ? new Date(new Date(query.to).getTime() + (isDay(query.to) ? DAY_MS : 0)) : now;
  const from = query.from ? new Date(query.from) : new Date(to.getTime() - MEASURES_DAYS_DEFAULT * DAY_MS);
  if (from >= to) throw new AppError("invalid", "The period ends before it starts.");
  return { from, to };
}

async function readPoints(q: Sql, ctx: Ctx, { from, to }: { from: Date; to: Date }): Promise<Point[]> {
  const firstAlertAt = sql<
    string | Date | null
  >`(select min(${alerts.firstAt}) from ${alerts} where ${alerts.incidentId} = ${incidents.id})`;
  const list = await q
    .select({ incident: incidents, firstAlertAt })
    .from(incidents)
    .where(
      and(
        visibleTo(ctx.actor),
        ne(incidents.mode, "drill"),
        notInArray(incidents.status, ["declined", "merged"]),
        gte(incidents.declaredAt, from),
        lt(incidents.declaredAt, to),
      ),
    )
    .orderBy(desc(incidents.declaredAt), desc(incidents.id))
    .limit(MEASURED_INCIDENTS_MAX + 1);
  return list.map(({ incident, firstAlertAt: first }) => {
    const durations = durationsOf({ ...incident, firstAlertAt: first === null ? null : new Date(first) });
    const ms = (key: string) => durations.find((duration) => duration.key === key)?.ms ?? null;
    return {
      id: incident.id,
      reference: incident.reference,
      title: incident.title,
      severity: incident.severity,
      declaredAt: incident.declaredAt.toISOString(),
      ttaMs: ms("tta"),
      ttmMs: ms("ttm"),
      ttrMs: ms("ttr"),
    };
  });
}

/** Names of the services of each incident. */
async function servicesOf(q: Sql, points: readonly Point[]): Promise<Map<string, string[]>> {
  if (points.length === 0) return new Map();
  const list = await q
    .select({ incidentId: incidentServices.incidentId, name: services.name })
    .from(incidentServices)
    .innerJoin(services, eq(services.id, incidentServices.serviceId))
    .where(
      inArray(
        incidentServices.incidentId,
        points.map((point) => point.id),
      ),
    )
    .orderBy(asc(services.name));
  const byIncident = Map.groupBy(list, (row) => row.incidentId);
  return new Map([...byIncident].map(([id, own]) => [id, own.map((row) => row.name)]));
}

async function keysOf(q: Sql, by: MeasureGrouping, points: readonly Point[]): Promise<(point: Point) => string[]> {
  switch (by) {
    case "severity":
      return (point) => [point.severity ?? NONE];
    case "month":
      return (point) => [point.declaredAt.slice(0, 7)];
    case "service": {
      const names = await servicesOf(q, points);
      return (point) => names.get(point.id) ?? [NONE];
    }
  }
}

function measured(points: readonly Point[]): Measured {
  return {
    count: points.length,
    tta: distributionOf(points.map((point) => point.ttaMs)),
    ttm: distributionOf(points.map((point) => point.ttmMs)),
    ttr: distributionOf(points.map((point) => point.ttrMs)),
  };
}

/** Severities worst first, months and services by name, what has none last. */
function inOrder(one: string, other: string): number {
  const rank = (key: string) => (key === NONE ? severities.length : (severities as readonly string[]).indexOf(key));
  return rank(one) - rank(other) || one.localeCompare(other, "en");
}

/**
 * How long incidents took in a period, as far as the actor may see them; drills, declined and merged ones are not
 * counted. An incident belongs to the day of its declaration. Reads only.
 * @throws AppError "invalid" for a period that ends before it starts
 */
export async function measure(ctx: Ctx, query: MeasuresQuery): Promise<MeasuresView> {
  requireAbility(ctx.actor, "incidents.read");
  const q = ctx.db.read;
  const period = periodOf(query, ctx.now());
  const found = await readPoints(q, ctx, period);
  const points = found.slice(0, MEASURED_INCIDENTS_MAX);
  const keys = await keysOf(q, query.by, points);
  const groups = new Map<string, Point[]>();
  for (const point of points) {
    for (const key of keys(point)) {
      const group = groups.get(key);
      if (group) group.push(point);
      else groups.set(key, [point]);
    }
  }
  return {
    from: period.from.toISOString(),
    to: period.to.toISOString(),
    by: query.by,
    definitions: {
      tta: "first alert to acknowledgement",
      ttm: "impact start, or else the first sign on record, to mitigation",
      ttr: "impact start, or else the first sign on record, to resolution",
    },
    total: measured(points),
    groups: [...groups].sort(([one], [other]) => inOrder(one, other)).map(([key, own]) => ({ key, ...measured(own) })),
    points: points.map(({ id: _, ...point }) => point),
    isCut: found.length > MEASURED_INCIDENTS_MAX,
  };
}
