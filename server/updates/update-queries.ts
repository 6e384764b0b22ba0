import { and, desc, eq, sql } from "drizzle-orm";
import { rows, type Sql } from "#/db/client.ts";
import { updates } from "#/db/schema/index.ts";
import { isAtLeast, requireAbility } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { findIncidentOrTarget } from "#/server/incidents/index.ts";
import { decodeCursor, pageOf } from "#/server/platform/cursor.ts";
import type { ChannelSummary, DeliveryView, UpdateView } from "./contract.ts";
import { maskAddress } from "./rules.ts";
import {
  type Channel,
  type DeliveryState,
  type OutboundChannel,
  outboundChannels,
  UPDATES_IN_ROOM_MAX,
} from "./shared/lists.ts";

type UpdateRow = typeof updates.$inferSelect;

/** Deliveries shown with an update; the summary counts them all. */
const DELIVERIES_SHOWN_MAX = 50;

type ShownRow = {
  id: string;
  update_id: string;
  kind: string;
  channel: OutboundChannel;
  destination: string;
  audience: string | null;
  state: DeliveryState;
  attempts: number;
  next_attempt_at: string | Date | null;
  last_error: string | null;
  sent_at: string | Date | null;
  body: string | null;
};
type CountRow = { update_id: string; channel: OutboundChannel; state: DeliveryState; count: number | string };

function iso(value: string | Date | null): string | null {
  return value === null ? null : new Date(value).toISOString();
}

function presentDelivery(row: ShownRow, isMasked: boolean): DeliveryView {
  return {
    id: row.id,
    kind: row.kind,
    channel: row.channel,
    destination: isMasked && row.channel === "email" ? maskAddress(row.destination) : row.destination,
    state: row.state,
    attempts: Number(row.attempts),
    // While one is being sent, the column holds the end of its lease, which is nobody's business.
    nextAttemptAt: row.state === "sending" ? null : iso(row.next_attempt_at),
    lastError: row.last_error,
    sentAt: iso(row.sent_at),
    audience: row.audience,
    ...(row.body !== null && { body: row.body }),
  };
}

/** The deliveries to show, the ones that need looking at first. */
async function shownDeliveries(q: Sql, ids: readonly string[]): Promise<ShownRow[]> {
  const list = sql.join(
    ids.map((id) => sql`${id}::uuid`),
    sql`, `,
  );
  return rows<ShownRow>(
    q,
    sql`select id, update_id, kind, channel, destination, state, attempts, next_attempt_at, last_error, sent_at,
      payload ->> 'audience' as audience, payload ->> 'body' as body from (
      select d.*, row_number() over (partition by d.update_id order by
        case d.state when 'failed' then 0 when 'unknown' then 1 when 'suppressed' then 2 when 'retrying' then 3
          when 'sending' then 4 when 'queued' then 5 when 'sent' then 6 else 7 end,
        case d.channel when 'status_page' then 0 when 'slack' then 1 else 2 end, d.created_at, d.id) as place
      from deliveries d where d.update_id in (${list})
    ) ranked where place <= ${DELIVERIES_SHOWN_MAX} order by update_id, place`,
  );
}

async function countDeliveries(q: Sql, ids: readonly string[]): Promise<CountRow[]> {
  const list = sql.join(
    ids.map((id) => sql`${id}::uuid`),
    sql`, `,
  );
  return rows<CountRow>(
    q,
    // What is still being looked for is on its way, as far as anybody has to care.
    sql`select update_id, channel, standing as state, count(*)::int as count from (
        select update_id, channel,
          case when state = 'unknown' and next_attempt_at is not null then 'retrying' else state end as standing
        from deliveries where update_id in (${list}) and state not in ('superseded', 'cancelled')
      ) counted group by update_id, channel, standing`,
  );
}

/** What became of an update on each channel that it was meant for, and on those of its audiences. Pure. */
export function summarise(channels: readonly Channel[], counts: readonly CountRow[]): ChannelSummary[] {
  const used = outboundChannels.filter(
    (channel) => channels.some((one) => one === channel) || counts.some((row) => row.channel === channel),
  );
  return used.map((channel) => {
    const sum = (states: readonly DeliveryState[]) =>
      counts
        .filter((row) => row.channel === channel && states.includes(row.state))
        .reduce((total, row) => total + Number(row.count), 0);
    const summary = {
      sent: sum(["sent"]),
      failed: sum(["failed", "unknown"]),
      waiting: sum(["queued", "sending", "retrying"]),
    };
    const suppressed = sum(["suppressed"]);
    const total = summary.sent + summary.failed + summary.waiting + suppressed;
    return { channel, total, ...summary, ...(suppressed > 0 && { suppressed }) };
  });
}

async function present(q: Sql, ctx: Pick<Ctx, "actor">, found: readonly UpdateRow[]): Promise<UpdateView[]> {
  if (found.length === 0) return [];
  const ids = found.map((row) => row.id);
  const shown = await shownDeliveries(q, ids);
  const counts = await countDeliveries(q, ids);
  const isMasked = ctx.actor.kind === "user" && !isAtLeast(ctx.actor.role, "responder");
  return found.map((row) => ({
    id: row.id,
    incidentId: row.incidentId,
    audience: row.audience,
    audiences: row.audiences,
    status: row.status,
    title: row.title,
    body: row.body,
    wordings: row.wordings,
    channels: row.channels,
    nextUpdateAt: iso(row.nextUpdateAt),
    components: row.components,
    dataLost: row.dataLost,
    publishedAt: row.publishedAt.toISOString(),
    publishedBy: { id: row.publishedById, name: row.publishedByName },
    correctedAt: iso(row.correctedAt),
    deliveries: shown.filter((one) => one.update_id === row.id).map((one) => presentDelivery(one, isMasked)),
    deliverySummary: summarise(
      row.channels,
      counts.filter((one) => one.update_id === row.id),
    ),
  }));
}

/** True for an update that gives the incident another status than the one before, or is the first. */
export async function isStatusNews(q: Sql, id: string): Promise<boolean> {
  const [found] = await rows<{ is_news: boolean }>(
    q,
    sql`select u.status is distinct from (
        select b.status from updates b where b.incident_id = u.incident_id and b.published_at < u.published_at
        order by b.published_at desc limit 1) as is_news
      from updates u where u.id = ${id}::uuid`,
  );
  return found?.is_news === true;
}

/** One update with its deliveries; the caller has checked that the actor may see it. */
export async function readUpdate(q: Sql, ctx: Pick<Ctx, "actor">, id: string): Promise<UpdateView> {
  const found = await q.select().from(updates).where(eq(updates.id, id));
  const [view] = await present(q, ctx, found);
  if (!view) throw new Error("an update that was just written is gone");
  return view;
}

/** An incident's newest updates for its room, newest first; the caller has checked that the actor may see it. */
export async function listUpdates(ctx: Ctx, incidentId: string): Promise<UpdateView[]> {
  const found = await ctx.db.read
    .select()
    .from(updates)
    .where(eq(updates.incidentId, incidentId))
    .orderBy(desc(updates.publishedAt), desc(updates.id))
    .limit(UPDATES_IN_ROOM_MAX);
  return present(ctx.db.read, ctx, found);
}

/** A page of an incident's updates, newest first. @throws AppError "not_found" | "forbidden" */
export async function pageUpdates(
  ctx: Ctx,
  key: string,
  page: { cursor?: string | undefined; limit: number },
): Promise<{ items: UpdateView[]; nextCursor: string | null }> {
  requireAbility(ctx.actor, "incidents.read");
  const q = ctx.db.read;
  const { row: incident } = await findIncidentOrTarget(q, ctx, key);
  const after = decodeCursor(page.cursor, ["instant", "id"]);
  const found = await q
    .select()
    .from(updates)
    .where(
      and(
        eq(updates.incidentId, incident.id),
        after
          ? sql`(${updates.publishedAt}, ${updates.id}) < (${after[0]}::timestamptz, ${after[1]}::uuid)`
          : undefined,
      ),
    )
    .orderBy(desc(updates.publishedAt), desc(updates.id))
    .limit(page.limit + 1);
  const { items, nextCursor } = pageOf<UpdateRow>(found, page.limit, (last) => [
    last.publishedAt.toISOString(),
    last.id,
  ]);
  return { items: await present(q, ctx, items), nextCursor };
}
