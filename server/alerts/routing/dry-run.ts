import { and, desc, eq, gte, inArray, isNull, or, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { alerts, incidents, integrations, serviceDependencies, services } from "#/db/schema/index.ts";
import { requireAbility, visibleTo } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { reportedOf } from "../reported-alert.ts";
import { DRY_RUN_ALERTS_MAX, DRY_RUN_DAYS_MAX, DRY_RUN_LISTED_MAX } from "../shared/lists.ts";
import { requireWhole, routeColumns } from "./change-route.ts";
import {
  type ChangeRouteInput,
  createRouteInput,
  type DryRunCounts,
  type DryRunInput,
  type DryRunOutcome,
  type DryRunView,
} from "./contract.ts";
import { defaultRoute, type Route } from "./route.ts";
import { readMutes, readRouting } from "./routing.ts";
import { type Outcome, type PastAlert, simulate } from "./simulate.ts";

const DAY_MS = 24 * 3_600_000;

type Found = {
  alert: typeof alerts.$inferSelect;
  integration: { id: string; name: string };
  incident: { reference: string; status: string; resolvedAt: Date | null; updatedAt: Date } | null;
};

/** The alerts of the last days that the actor may see, newest first; one more than a run takes. */
async function recentAlerts(q: Sql, ctx: Ctx, from: Date): Promise<Found[]> {
  return q
    .select({
      alert: alerts,
      integration: { id: integrations.id, name: integrations.name },
      incident: {
        reference: incidents.reference,
        status: incidents.status,
        resolvedAt: incidents.resolvedAt,
        updatedAt: incidents.updatedAt,
      },
    })
    .from(alerts)
    .innerJoin(integrations, eq(integrations.id, alerts.integrationId))
    .leftJoin(incidents, eq(incidents.id, alerts.incidentId))
    .where(
      and(
        gte(alerts.firstAt, from),
        or(isNull(alerts.incidentId), visibleTo(ctx.actor)),
        sql`${alerts.explanation}->>'rule' <> 'ended-before'`,
      ),
    )
    .orderBy(desc(alerts.firstAt), desc(alerts.id))
    .limit(DRY_RUN_ALERTS_MAX + 1);
}

function pastOf({ alert, integration, incident }: Found): PastAlert {
  const isOver = incident && ["resolved", "closed", "declined"].includes(incident.status);
  return {
    id: alert.id,
    reported: reportedOf(alert, integration),
    firstAt: alert.firstAt,
    resolvedAt: alert.resolvedAt,
    incident: incident && { endedAt: isOver ? (incident.resolvedAt ?? incident.updatedAt) : null },
  };
}

/** The service that a route names; nothing is written, so a new name stays a name. */
async function serviceNamed(q: Sql, key: string | null | undefined): Promise<Route["setService"]> {
  if (!key) return null;
  const isId = /^[0-9a-f-]{36}$/i.test(key);
  const byName = eq(sql`lower(${services.name})`, key.toLowerCase());
  const [found] = await q
    .select({ id: services.id, name: services.name })
    .from(services)
    .where(isId ? or(inArray(services.id, [key.toLowerCase()]), byName) : byName);
  return found ?? { id: `new:${key}`, name: key };
}

async function routeFrom(q: Sql, base: Route, input: ChangeRouteInput): Promise<Route> {
  const setService = input.service === undefined ? base.setService : await serviceNamed(q, input.service);
  const route = { ...base, ...routeColumns(input), setService };
  requireWhole(route);
  return route;
}

function fresh(id: string): Route {
  return { ...defaultRoute, id, isDefault: false };
}

async function proposed(q: Sql, current: readonly Route[], { routes, route }: DryRunInput): Promise<Route[]> {
  const last = current.filter((each) => each.isDefault);
  if (routes) {
    const made: Route[] = [];
    for (const [index, each] of routes.entries()) {
      const correlate = each.correlate ?? each.groupBy.length === 0;
      made.push(await routeFrom(q, fresh(`route-${index}`), { ...each, correlate }));
    }
    return [...made, ...last];
  }
  const { id, ...change } = route ?? {};
  if (id !== undefined) {
    const before = current.find((each) => each.id === id);
    if (!before) throw new AppError("not_found", "There is no such alert route.");
    const after = await routeFrom(q, before, change);
    return current.map((each) => (each.id === id ? after : each));
  }
  const whole = createRouteInput.safeParse(change);
  if (!whole.success) {
    const errors = whole.error.issues.map(({ path, message }) => ({
      pointer: `/route/${path.join("/")}`,
      detail: message,
    }));
    throw new AppError("invalid", `${errors[0]?.pointer}: ${errors[0]?.detail}`, { errors });
  }
  const correlate = whole.data.correlate ?? whole.data.groupBy.length === 0;
  const added = await routeFrom(q, fresh("new"), { ...whole.data, correlate });
  return [...current.filter((each) => !each.isDefault), added, ...last];
}

function countsOf(outcomes: ReadonlyMap<string, Outcome>): DryRunCounts {
  const of = (kind: Outcome["kind"]) => [...outcomes.values()].filter((each) => each.kind === kind).length;
  return {
    incidents: of("open"),
    attached: of("attach"),
    held: of("hold"),
    waiting: of("wait"),
    recorded: of("record"),
    suppressed: of("suppress"),
  };
}

/** Which alert opened each incident of a run. */
function openersOf(outcomes: ReadonlyMap<string, Outcome>): Map<string, string> {
  const opened = [...outcomes].filter(([, { kind }]) => kind === "open");
  return new Map(opened.map(([id, { incident }]) => [incident ?? "", id]));
}

/**
 * What other routes would have made of the alerts of the last days, beside what the present ones make of them.
 * Both are computed by the pipeline's own decision over the same alerts, with the mutes and the ends there were. Writes nothing.
 *
 * @throws AppError "not_found" | "invalid"
 */
export async function dryRun(ctx: Ctx, input: DryRunInput): Promise<DryRunView> {
  requireAbility(ctx.actor, "alertroutes.read");
  const to = ctx.now();
  const from = new Date(to.getTime() - (input.days ?? DRY_RUN_DAYS_MAX) * DAY_MS);
  const { routes: current, timeZone } = await ctx.db.transaction((tx) => readRouting(tx, ctx));
  const q = ctx.db.read;
  const routes = await proposed(q, current, input);
  const found = await recentAlerts(q, ctx, from);
  const taken = found.slice(0, DRY_RUN_ALERTS_MAX).reverse();
  const past = taken.map(pastOf);
  const mutes = await readMutes(q, from, timeZone);
  const edges = await q.select().from(serviceDependencies);
  const was = simulate(past, { routes: current, timeZone, mutes, edges });
  const wouldBe = simulate(past, { routes, timeZone, mutes, edges });
  const titles = new Map(taken.map(({ alert }) => [alert.id, alert.title]));
  const [before, after] = [openersOf(was), openersOf(wouldBe)];
  const shown = (outcome: Outcome, openers: ReadonlyMap<string, string>): DryRunOutcome => ({
    ...outcome,
    openedBy: titles.get(openers.get(outcome.incident ?? "") ?? "") ?? null,
  });
  const changes = taken.flatMap(({ alert, incident }) => {
    const [one, other] = [was.get(alert.id), wouldBe.get(alert.id)];
    // Incidents of two runs are the same when the same alert opened them, whatever their numbers.
    const isAlike = one?.kind === other?.kind && before.get(one?.incident ?? "") === after.get(other?.incident ?? "");
    if (!one || !other || isAlike) return [];
    const { id, title, serviceName: service, severity } = alert;
    const brief = { id, title, service, severity, firstAt: alert.firstAt.toISOString() };
    return [
      {
        alert: { ...brief, incident: incident?.reference ?? null },
        was: shown(one, before),
        wouldBe: shown(other, after),
      },
    ];
  });
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    alerts: taken.length,
    isTruncated: found.length > DRY_RUN_ALERTS_MAX,
    reallyOpened: taken.filter(({ alert }) => alert.opened).length,
    was: countsOf(was),
    wouldBe: countsOf(wouldBe),
    changed: changes.length,
    changes: changes.slice(0, DRY_RUN_LISTED_MAX),
  };
}
