import { asc, eq, gt, sql } from "drizzle-orm";
import { rows, type Sql } from "#/db/client.ts";
import { alertMutes, alertRoutes, alertRouting, services } from "#/db/schema/index.ts";
import type { Core } from "#/server/events/index.ts";
import { conditionOf } from "../mapping/condition.ts";
import { silenceMutes } from "../muting/silence-mutes.ts";
import type { Mute } from "./decide.ts";
import { defaultRoute, type Route, type RouteRow } from "./route.ts";
import { scopeOf } from "./route-condition.ts";

/** What decides where alerts go, as of one moment. */
export type Routing = {
  revision: number;
  timeZone: string;
  /** In the order they are asked; the default one is last. */
  routes: readonly Route[];
  /** What is on or will be. */
  mutes: readonly Mute[];
};

/**
 * Reads what keeps alerts quiet and has not ended before `since`. Whoever changes what a source gives calls
 * `routingChanged` in the same transaction.
 */
export type MuteSource = (tx: Sql, since: Date, timeZone: string) => Promise<Mute[]>;

const ROUTING = "routing";

async function ownMutes(tx: Sql, since: Date, timeZone: string): Promise<Mute[]> {
  const found = await tx.select().from(alertMutes).where(gt(alertMutes.untilAt, since)).orderBy(asc(alertMutes.fromAt));
  return found.map((row) => ({
    id: row.id,
    kind: "mute",
    reason: row.reason,
    by: row.createdByName,
    from: row.fromAt,
    until: row.untilAt,
    covers(alert, now) {
      const isOfService =
        row.serviceIds.length === 0 || (alert.service !== null && row.serviceIds.includes(alert.service.id));
      if (!isOfService) return false;
      return row.condition === null || conditionOf(row.condition).holds(scopeOf(alert, timeZone, now));
    },
  }));
}

/** Everything that keeps alerts quiet. */
export const muteSources: MuteSource[] = [ownMutes, silenceMutes];

/** The routes in their order, the default one last. Part of the caller's transaction, which makes the default one if it is not there. */
export async function readRoutes(tx: Sql): Promise<Route[]> {
  const found = await tx
    .select({ row: alertRoutes, service: { id: services.id, name: services.name } })
    .from(alertRoutes)
    .leftJoin(services, eq(services.id, alertRoutes.setServiceId))
    .orderBy(asc(alertRoutes.isDefault), asc(alertRoutes.position), asc(alertRoutes.createdAt));
  return found.map(({ row, service }) => routeOf(row, service));
}

function routeOf(row: RouteRow, service: { id: string; name: string } | null): Route {
  const { setServiceId: _, createdAt: __, updatedAt: ___, ...rest } = row;
  return { ...rest, setService: service };
}

/** Makes the default route where it is missing. Safe to repeat. */
export async function ensureDefaultRoute(tx: Sql): Promise<void> {
  const { setService: _, ...row } = defaultRoute;
  await tx.insert(alertRoutes).values(row).onConflictDoNothing();
  await tx.insert(alertRouting).values({ name: ROUTING, revision: 1 }).onConflictDoNothing();
}

/** Says that routes, mutes or silences changed, in the transaction that changes them: the next alert goes by the new ones. */
export async function routingChanged(tx: Sql): Promise<void> {
  await tx
    .insert(alertRouting)
    .values({ name: ROUTING, revision: 1 })
    .onConflictDoUpdate({ target: alertRouting.name, set: { revision: sql`${alertRouting.revision} + 1` } });
}

/** The mutes that had not ended at `since`, from every source. */
export async function readMutes(tx: Sql, since: Date, timeZone: string): Promise<Mute[]> {
  const lists: Mute[][] = [];
  for (const source of muteSources) lists.push(await source(tx, since, timeZone));
  return lists.flat();
}

async function readHead(tx: Sql): Promise<{ revision: number; timeZone: string } | undefined> {
  const [head] = await rows<{ revision: number; time_zone: string | null }>(
    tx,
    sql`select r.revision, s.value->>'timeZone' as time_zone
      from alert_routing r left join settings s on s.name = 'organisation' where r.name = ${ROUTING}`,
  );
  return head && { revision: head.revision, timeZone: head.time_zone ?? "UTC" };
}

const known = new WeakMap<object, Routing>();

/** What was read is no longer true: the next turn reads again. */
export function forgetRouting(core: Pick<Core, "db">): void {
  known.delete(core.db);
}

/** Routes and mutes, read again only when they changed: one short query for each turn of the pipeline. */
export async function readRouting(tx: Sql, core: Pick<Core, "db" | "now">): Promise<Routing> {
  let head = await readHead(tx);
  if (!head) {
    await ensureDefaultRoute(tx);
    head = await readHead(tx);
  }
  const { revision, timeZone } = head ?? { revision: 1, timeZone: "UTC" };
  const kept = known.get(core.db);
  if (kept && kept.revision === revision && kept.timeZone === timeZone) return kept;
  let routes = await readRoutes(tx);
  if (!routes.some((route) => route.isDefault)) {
    await ensureDefaultRoute(tx);
    routes = await readRoutes(tx);
  }
  const routing = { revision, timeZone, routes, mutes: await readMutes(tx, core.now(), timeZone) };
  known.set(core.db, routing);
  return routing;
}
