import { asc, eq, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { alertRoutes } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type Ctx, recordAudit } from "#/server/events/index.ts";
import { resolveServices } from "#/server/incidents/index.ts";
import { openTellList, readTellLines, sealTellList } from "#/server/notify/index.ts";
import { maskedTellLine, type TellTarget } from "#/server/notify/shared/tell-target.ts";
import { AppError } from "#/server/platform/errors.ts";
import { wellFormed } from "#/server/platform/well-formed.ts";
import { ROUTES_MAX } from "../shared/lists.ts";
import type { AlertRouteView, ChangeRouteInput, CreateRouteInput } from "./contract.ts";
import type { Route, RouteRow } from "./route.ts";
import { ensureDefaultRoute, readRoutes, routingChanged } from "./routing.ts";

type Secrets = Pick<Ctx, "config">;

function tellOf(
  { config }: Secrets,
  { tellEmails: emails, tellSealed: sealed }: Pick<RouteRow, "tellEmails" | "tellSealed">,
) {
  return openTellList(config.authSecret, { emails, sealed });
}

function presentRoute(ctx: Secrets, route: Route): AlertRouteView {
  return {
    id: route.id,
    name: route.name,
    enabled: route.enabled,
    isDefault: route.isDefault,
    condition: route.condition,
    service: route.setService,
    severity: route.setSeverity,
    team: route.setTeam,
    suppress: route.suppress,
    groupBy: route.groupBy,
    groupWindow:
      route.groupWindowMinutes === null ? null : { minutes: route.groupWindowMinutes, kind: route.groupWindowKind },
    threshold:
      route.thresholdCount === null || route.thresholdMinutes === null
        ? null
        : { count: route.thresholdCount, minutes: route.thresholdMinutes },
    debounceMinutes: route.debounceMinutes,
    correlate: route.correlate,
    opens: route.opens,
    autoResolve: route.autoResolve,
    staleAfterMinutes: route.staleAfterMinutes,
    tell: tellOf(ctx, route).map(maskedTellLine),
    version: route.version,
  };
}

/** The columns that an input names; what it leaves out stays. Pure. */
export function routeColumns(input: ChangeRouteInput): Partial<RouteRow> {
  const {
    service: _,
    severity,
    team,
    groupWindow,
    threshold,
    tell: __,
    version: ___,
    ...plain
  } = wellFormed(input) as ChangeRouteInput;
  const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined));
  return {
    ...given,
    ...(severity !== undefined && { setSeverity: severity }),
    ...(team !== undefined && { setTeam: team }),
    ...(groupWindow !== undefined && {
      groupWindowMinutes: groupWindow?.minutes ?? null,
      ...(groupWindow && { groupWindowKind: groupWindow.kind }),
    }),
    ...(threshold !== undefined && {
      thresholdCount: threshold?.count ?? null,
      thresholdMinutes: threshold?.minutes ?? null,
    }),
  };
}

function tellColumns({ config }: Secrets, tell: string[] | undefined, kept: readonly TellTarget[]): Partial<RouteRow> {
  if (!tell) return {};
  const list = sealTellList(config.authSecret, readTellLines(tell, kept, "tell"));
  return { tellEmails: list.emails, tellSealed: list.sealed };
}

function invalid(pointer: string, detail: string): never {
  throw new AppError("invalid", `${pointer}: ${detail}`, { errors: [{ pointer, detail }] });
}

/** What only the whole route shows. Pure. @throws AppError "invalid" */
export function requireWhole(route: Pick<RouteRow, "groupBy" | "groupWindowMinutes">): void {
  if (route.groupWindowMinutes !== null && route.groupBy.length === 0) {
    invalid(
      "/groupWindow",
      "A window needs fields to group by; without them alerts of a service attach while its incident is open.",
    );
  }
}

async function serviceId(tx: Sql, key: string | null | undefined): Promise<Partial<RouteRow>> {
  if (key === undefined) return {};
  const [id] = key === null ? [] : await resolveServices(tx, [key]);
  return { setServiceId: id ?? null };
}

/** What the audit log keeps of a change: of a tell list that it changed, not its keys. */
function detailOf({ version: _, tell, ...detail }: ChangeRouteInput) {
  return { ...detail, ...(tell !== undefined && { tell: "changed" }) };
}

/** Routes are changed one at a time, and the default one is there. */
async function lockRoutes(tx: Sql): Promise<RouteRow[]> {
  await ensureDefaultRoute(tx);
  return tx.select().from(alertRoutes).orderBy(asc(alertRoutes.isDefault), asc(alertRoutes.position)).for("update");
}

async function viewOf(tx: Sql, ctx: Ctx, id: string): Promise<AlertRouteView> {
  const route = (await readRoutes(tx)).find((each) => each.id === id);
  if (!route) throw new AppError("not_found", "There is no such alert route.");
  return presentRoute(ctx, route);
}

/** The alert routes in the order they are asked; the default one is last. */
export async function listRoutes(ctx: Ctx): Promise<AlertRouteView[]> {
  requireAbility(ctx.actor, "alertroutes.read");
  return ctx.db.transaction(async (tx) => {
    await ensureDefaultRoute(tx);
    return (await readRoutes(tx)).map((route) => presentRoute(ctx, route));
  });
}

/** Adds a route, asked after the others and before the default one. One transaction. @throws AppError "invalid" */
export async function createRoute(ctx: Ctx, input: CreateRouteInput): Promise<AlertRouteView> {
  requireAbility(ctx.actor, "alertroutes.write");
  return ctx.db.transaction(async (tx) => {
    const routes = await lockRoutes(tx);
    if (routes.length > ROUTES_MAX) {
      throw new AppError("conflict", `There are ${ROUTES_MAX} alert routes already. Remove or join some.`);
    }
    const values = {
      ...routeColumns(input),
      ...tellColumns(ctx, input.tell, []),
      ...(await serviceId(tx, input.service)),
      correlate: input.correlate ?? input.groupBy.length === 0,
      name: input.name,
      condition: input.condition,
      debounceMinutes: input.debounceMinutes,
      position: Math.max(0, ...routes.map((route) => route.position)) + 1,
      createdAt: ctx.now(),
      updatedAt: ctx.now(),
    };
    requireWhole({ groupBy: input.groupBy, groupWindowMinutes: input.groupWindow?.minutes ?? null });
    const [made] = await tx.insert(alertRoutes).values(values).returning({ id: alertRoutes.id });
    if (!made) throw new Error("an inserted route was not returned");
    await routingChanged(tx);
    await recordAudit(tx, ctx, {
      action: "alert-route.create",
      objectKind: "alert-route",
      objectId: made.id,
      detail: detailOf(input),
    });
    return viewOf(tx, ctx, made.id);
  });
}

/**
 * Changes a route; alerts that come from then on go by it. One transaction.
 * The default route stays enabled and takes every alert. @throws AppError "not_found" | "stale" | "invalid"
 */
export async function changeRoute(ctx: Ctx, id: string, change: ChangeRouteInput): Promise<AlertRouteView> {
  requireAbility(ctx.actor, "alertroutes.write");
  return ctx.db.transaction(async (tx) => {
    const before = (await lockRoutes(tx)).find((route) => route.id === id);
    if (!before) throw new AppError("not_found", "There is no such alert route.");
    if (change.version !== undefined && change.version !== before.version) {
      throw new AppError("stale", "Somebody changed this alert route meanwhile. Read it again.");
    }
    if (before.isDefault && change.condition !== undefined && change.condition !== before.condition) {
      invalid("/condition", "The default route takes every alert that no other route matches.");
    }
    if (before.isDefault && change.enabled === false) invalid("/enabled", "The default route cannot be switched off.");
    const columns = {
      ...routeColumns(change),
      ...tellColumns(ctx, change.tell, tellOf(ctx, before)),
      ...(await serviceId(tx, change.service)),
    };
    requireWhole({ ...before, ...columns });
    await tx
      .update(alertRoutes)
      .set({ ...columns, version: before.version + 1, updatedAt: ctx.now() })
      .where(eq(alertRoutes.id, id));
    await routingChanged(tx);
    await recordAudit(tx, ctx, {
      action: "alert-route.change",
      objectKind: "alert-route",
      objectId: id,
      detail: detailOf(change),
    });
    return viewOf(tx, ctx, id);
  });
}

/** Takes a route away; alerts that it placed stay where they are. One transaction. @throws AppError "conflict" for the default one */
export async function removeRoute(ctx: Ctx, id: string): Promise<void> {
  requireAbility(ctx.actor, "alertroutes.write");
  await ctx.db.transaction(async (tx) => {
    const before = (await lockRoutes(tx)).find((route) => route.id === id);
    if (!before) throw new AppError("not_found", "There is no such alert route.");
    if (before.isDefault) {
      throw new AppError("conflict", "The default route cannot be removed: it takes what no other route matches.");
    }
    await tx.delete(alertRoutes).where(eq(alertRoutes.id, id));
    await routingChanged(tx);
    const detail = { name: before.name, condition: before.condition };
    await recordAudit(tx, ctx, { action: "alert-route.remove", objectKind: "alert-route", objectId: id, detail });
  });
}

/** Puts the routes into another order; the default one stays last. One transaction. @throws AppError "invalid" unless all are named once */
export async function reorderRoutes(ctx: Ctx, ids: readonly string[]): Promise<AlertRouteView[]> {
  requireAbility(ctx.actor, "alertroutes.write");
  return ctx.db.transaction(async (tx) => {
    const known = (await lockRoutes(tx)).filter((route) => !route.isDefault).map((route) => route.id);
    const isWhole = ids.length === known.length && known.every((id) => ids.includes(id));
    if (!isWhole) invalid("/ids", "Name each alert route but the default one once.");
    for (const [position, id] of ids.entries()) {
      await tx
        .update(alertRoutes)
        .set({ position: position + 1, updatedAt: ctx.now() })
        .where(sql`${alertRoutes.id} = ${id} and ${alertRoutes.position} <> ${position + 1}`);
    }
    await routingChanged(tx);
    await recordAudit(tx, ctx, {
      action: "alert-route.reorder",
      objectKind: "alert-route",
      objectId: "all",
      detail: { ids: [...ids] },
    });
    return (await readRoutes(tx)).map((route) => presentRoute(ctx, route));
  });
}
