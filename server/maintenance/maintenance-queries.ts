import { and, asc, desc, eq, inArray, sql } from "drizzle-orm";
import { rows, type Sql } from "#/db/client.ts";
import { components, deliveries, maintenances, maintenanceUpdates, services } from "#/db/schema/index.ts";
import { isAtLeast, requireAbility } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { decodeCursor, pageOf } from "#/server/platform/cursor.ts";
import { AppError } from "#/server/platform/errors.ts";
import { publicPageUrl, readSettings } from "#/server/settings/index.ts";
import { maskAddress, summarise } from "#/server/updates/index.ts";
import type { Channel, DeliveryState } from "#/server/updates/shared/lists.ts";
import type { MaintenanceOutlets, MaintenanceSummary, MaintenanceUpdateView, MaintenanceView } from "./contract.ts";
import { nextReminder } from "./rules.ts";
import { type MaintenanceState, type MaintenanceStatus, maintenanceChannels } from "./shared/lists.ts";
import type { MaintenanceRow } from "./store.ts";

/** Failures shown with a maintenance; the counts of its updates hold them all. */
const FAILURES_SHOWN_MAX = 20;

const statusesOf: Record<MaintenanceState, MaintenanceStatus[]> = {
  upcoming: ["scheduled"],
  running: ["in_progress", "verifying"],
  ended: ["completed", "cancelled"],
};

type Named = { id: string; name: string };

async function namesOf(q: Sql, table: typeof components | typeof services, ids: string[]): Promise<Map<string, Named>> {
  if (ids.length === 0) return new Map();
  const found = await q.select({ id: table.id, name: table.name }).from(table).where(inArray(table.id, ids));
  return new Map(found.map((one) => [one.id, one]));
}

function presentRow(
  row: MaintenanceRow,
  named: {
    components: ReadonlyMap<string, Named>;
    services: ReadonlyMap<string, Named>;
    toUrl: (path: string) => string;
  },
): MaintenanceSummary {
  return {
    id: row.id,
    publicId: row.publicId,
    url: named.toUrl(`/status/maintenance/${row.publicId}`),
    title: row.title,
    status: row.status,
    components: row.componentIds.flatMap((id) => named.components.get(id) ?? []),
    from: row.fromAt.toISOString(),
    until: row.untilAt.toISOString(),
    verifyMinutes: row.verifyMinutes,
    reminders: row.reminders,
    channels: row.channels,
    muteServices: row.muteServiceIds.flatMap((id) => named.services.get(id) ?? []),
    createdBy: { id: row.createdById, name: row.createdByName },
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    endedAt: row.endedAt?.toISOString() ?? null,
  };
}

async function present(q: Sql, ctx: Ctx, found: readonly MaintenanceRow[]): Promise<MaintenanceSummary[]> {
  const settings = await readSettings(q, ctx);
  const named = {
    components: await namesOf(q, components, [...new Set(found.flatMap((row) => row.componentIds))]),
    services: await namesOf(q, services, [...new Set(found.flatMap((row) => row.muteServiceIds))]),
    toUrl: (path: string) => publicPageUrl(settings, ctx.config, path),
  };
  return found.map((row) => presentRow(row, named));
}

/** A page of maintenances: planned and running ones that begin first come first, ended ones newest first. @throws AppError "forbidden" */
export async function listMaintenances(
  ctx: Ctx,
  query: { state?: MaintenanceState | undefined; cursor?: string | undefined; limit: number },
): Promise<{ items: MaintenanceSummary[]; nextCursor: string | null }> {
  requireAbility(ctx.actor, "maintenance.read");
  const q = ctx.db.read;
  const isAhead = query.state === "upcoming" || query.state === "running";
  const after = decodeCursor(query.cursor, ["instant", "id"]);
  const place = sql`(${maintenances.fromAt}, ${maintenances.id})`;
  const last = after && sql`(${after[0]}::timestamptz, ${after[1]}::uuid)`;
  const order = isAhead ? asc : desc;
  const found = await q
    .select()
    .from(maintenances)
    .where(
      and(
        query.state && inArray(maintenances.status, statusesOf[query.state]),
        last && (isAhead ? sql`${place} > ${last}` : sql`${place} < ${last}`),
      ),
    )
    .orderBy(order(maintenances.fromAt), order(maintenances.id))
    .limit(query.limit + 1);
  const page = pageOf(found, query.limit, (row) => [row.fromAt.toISOString(), row.id]);
  return { items: await present(q, ctx, page.items), nextCursor: page.nextCursor };
}

type CountRow = { update_id: string; channel: Channel; state: DeliveryState; count: number };

/** What became of the messages of each update. */
function countsOf(q: Sql, id: string): Promise<CountRow[]> {
  return rows<CountRow>(
    q,
    // What is still being looked for is on its way, as far as anybody has to care.
    sql`select payload->>'updateId' as update_id, channel,
        case when state = 'unknown' and payload ? 'reconcile' then 'retrying' else state end as state,
        count(*)::int as count
      from ${deliveries}
      where maintenance_id = ${id} and state not in ('superseded', 'cancelled') and not payload ? 'corrects'
      group by 1, 2, 3`,
  );
}

async function updatesOf(q: Sql, row: MaintenanceRow): Promise<MaintenanceUpdateView[]> {
  const found = await q
    .select()
    .from(maintenanceUpdates)
    .where(eq(maintenanceUpdates.maintenanceId, row.id))
    .orderBy(desc(maintenanceUpdates.publishedAt), desc(maintenanceUpdates.id));
  const counts = await countsOf(q, row.id);
  return found.map((update) => ({
    id: update.id,
    status: update.status,
    body: update.body,
    components: update.components,
    notified: update.isNotified,
    publishedAt: update.publishedAt.toISOString(),
    publishedBy: { id: update.publishedById, name: update.publishedByName },
    correctedAt: update.correctedAt?.toISOString() ?? null,
    deliverySummary: summarise(
      ["status_page", ...maintenanceChannels],
      counts.filter((one) => one.update_id === update.id),
    ).filter((one) => one.total > 0),
  }));
}

async function failuresOf(q: Sql, ctx: Ctx, id: string): Promise<MaintenanceView["failures"]> {
  const found = await q
    .select()
    .from(deliveries)
    .where(
      and(
        eq(deliveries.maintenanceId, id),
        inArray(deliveries.state, ["failed", "unknown", "suppressed"]),
        sql`not (${deliveries.state} = 'unknown' and ${deliveries.payload} ? 'reconcile')`,
      ),
    )
    .orderBy(desc(deliveries.createdAt), desc(deliveries.id))
    .limit(FAILURES_SHOWN_MAX);
  const isMasked = ctx.actor.kind === "user" && !isAtLeast(ctx.actor.role, "responder");
  return found.map((row) => ({
    id: row.id,
    channel: row.channel as Channel,
    destination: isMasked && row.channel === "email" ? maskAddress(row.destination) : row.destination,
    reason: row.lastError ?? "",
  }));
}

/** One maintenance with all that was said. @throws AppError "forbidden" | "not_found" */
export async function readMaintenance(q: Sql, ctx: Ctx, id: string): Promise<MaintenanceView> {
  requireAbility(ctx.actor, "maintenance.read");
  const [row] = await q.select().from(maintenances).where(eq(maintenances.id, id));
  if (!row) throw new AppError("not_found", "There is no such maintenance.");
  const [summary] = await present(q, ctx, [row]);
  if (!summary) throw new Error("a maintenance was not presented");
  return {
    ...summary,
    updates: await updatesOf(q, row),
    nextReminderAt: nextReminder(row)?.toISOString() ?? null,
    failures: await failuresOf(q, ctx, id),
  };
}

/** Where news can go with what is set up now, and what the page is called. */
export async function outletsOf(q: Sql, ctx: Ctx): Promise<MaintenanceOutlets> {
  const { slack, smtp, statusPage } = await readSettings(q, ctx);
  const isReady = { slack: Boolean(slack?.channel), email: smtp !== null };
  return {
    pageName: statusPage.name,
    channels: maintenanceChannels.map((channel) => ({ channel, isReady: isReady[channel] })),
  };
}

/** The same for whoever plans one. @throws AppError "forbidden" */
export async function readOutlets(ctx: Ctx): Promise<MaintenanceOutlets> {
  requireAbility(ctx.actor, "maintenance.read");
  return outletsOf(ctx.db.read, ctx);
}
