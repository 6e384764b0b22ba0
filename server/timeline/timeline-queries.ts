import { and, asc, desc, eq, gt, isNotNull, lt, sql } from "drizzle-orm";
import { timelineEntries } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { accessTo, findIncidentOrTarget } from "#/server/incidents/index.ts";
import { decodeCursor, pageOf } from "#/server/platform/cursor.ts";
import { AppError } from "#/server/platform/errors.ts";
import type { ListTimelineQuery, TimelineEntryView } from "./contract.ts";
import { underFilter, withWords } from "./filter-sql.ts";
import { presentEntry } from "./present.ts";
import { type TimelineCounts, timelineFilters } from "./shared/filters.ts";
import { MISSED_ENTRIES_MAX, PINNED_ENTRIES_MAX } from "./shared/lists.ts";

/** The largest page; a larger wish is clamped. */
const PAGE_MAX = 200;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

async function readableId(ctx: Ctx, incident: string): Promise<string> {
  const { row } = await findIncidentOrTarget(ctx.db.read, ctx, incident);
  requireAbility(ctx.actor, "incidents.read", await accessTo(ctx.db.read, ctx, row));
  return row.id;
}

/** A number that the column can hold; beyond it nothing lies. */
const inRange = (seq: number) => Math.min(seq, 2 ** 31 - 1);

/**
 * A page of an incident's timeline, by sequence number, narrowed to a kind and to words.
 *
 * With `afterSeq` all that was missed, up to a limit; with `beforeSeq` the way back, newest page first, while each
 * page itself is in ascending order. The cursor goes on in the direction of the query that gave it.
 * @throws AppError "not_found" | "forbidden" | "invalid" for a foreign cursor
 */
export async function listTimeline(
  ctx: Ctx,
  query: { incident: string } & ListTimelineQuery,
): Promise<{ items: TimelineEntryView[]; nextCursor: string | null }> {
  const incidentId = await readableId(ctx, query.incident);
  const [cursorSeq] = decodeCursor(query.cursor, ["number"]) ?? [];
  const isBackward = query.beforeSeq !== undefined;
  const isCatchUp = query.afterSeq !== undefined && cursorSeq === undefined;
  const limit = isCatchUp ? MISSED_ENTRIES_MAX : Math.min(query.limit, PAGE_MAX);
  const from = inRange(Number(cursorSeq ?? query.beforeSeq ?? query.afterSeq ?? 0));
  const { seq } = timelineEntries;
  const found = await ctx.db.read
    .select()
    .from(timelineEntries)
    .where(
      and(
        eq(timelineEntries.incidentId, incidentId),
        isBackward ? lt(seq, from) : gt(seq, from),
        query.kind && underFilter(query.kind),
        query.q ? withWords(query.q) : undefined,
      ),
    )
    .orderBy(isBackward ? desc(seq) : asc(seq))
    .limit(limit + 1);
  const page = pageOf(found, limit, (last) => [last.seq]);
  const items = page.items.map(presentEntry);
  return { items: isBackward ? items.reverse() : items, nextCursor: page.nextCursor };
}

/** What a room shows of its timeline at first. */
export type RoomTimeline = {
  /** The newest entries, oldest of them first. */
  entries: TimelineEntryView[];
  /** All that is pinned, in the order in which it happened. */
  pinned: TimelineEntryView[];
  /** What lies before `entries`: how much under each filter; null when they are all there is. */
  earlier: { beforeSeq: number; counts: TimelineCounts } | null;
};

async function countBefore(ctx: Ctx, incidentId: string, beforeSeq: number): Promise<TimelineCounts> {
  const columns = Object.fromEntries(
    timelineFilters.map((filter) => [filter, sql<number>`count(*) filter (where ${underFilter(filter)})::int`]),
  ) as Record<(typeof timelineFilters)[number], ReturnType<typeof sql<number>>>;
  const [row] = await ctx.db.read
    .select(columns)
    .from(timelineEntries)
    .where(and(eq(timelineEntries.incidentId, incidentId), lt(timelineEntries.seq, beforeSeq)));
  if (!row) throw new Error("a count was not returned");
  return row;
}

/** The end of an incident's timeline, and what is pinned. The caller has checked that the incident may be seen. */
export async function readRoomTimeline(ctx: Ctx, incidentId: string): Promise<RoomTimeline> {
  const isOfThis = eq(timelineEntries.incidentId, incidentId);
  const found = await ctx.db.read
    .select()
    .from(timelineEntries)
    .where(isOfThis)
    .orderBy(desc(timelineEntries.seq))
    .limit(MISSED_ENTRIES_MAX + 1);
  const latest = found.slice(0, MISSED_ENTRIES_MAX).reverse();
  const beforeSeq = found.length > MISSED_ENTRIES_MAX ? latest[0]?.seq : undefined;
  const pinned = await ctx.db.read
    .select()
    .from(timelineEntries)
    .where(and(isOfThis, isNotNull(timelineEntries.pinnedAt)))
    .orderBy(asc(timelineEntries.at), asc(timelineEntries.seq))
    .limit(PINNED_ENTRIES_MAX);
  return {
    entries: latest.map(presentEntry),
    pinned: pinned.map(presentEntry),
    earlier: beforeSeq === undefined ? null : { beforeSeq, counts: await countBefore(ctx, incidentId, beforeSeq) },
  };
}

/** One entry as it stands now, or null. The caller has checked that its incident may be seen. */
export async function getEntry(ctx: Ctx, entryId: string): Promise<TimelineEntryView | null> {
  const [row] = await ctx.db.read.select().from(timelineEntries).where(eq(timelineEntries.id, entryId));
  return row ? presentEntry(row) : null;
}

/**
 * An entry of an incident by its id, or the one that happened nearest to an instant (RFC 3339).
 * @throws AppError "not_found" | "forbidden"
 */
export async function findEntry(ctx: Ctx, input: { incident: string; entry: string }): Promise<TimelineEntryView> {
  const incidentId = await readableId(ctx, input.incident);
  const instant = Date.parse(input.entry);
  const missing = new AppError("not_found", "There is no such entry in this timeline.");
  const isById = UUID.test(input.entry);
  if (!isById && (Number.isNaN(instant) || !/^\d{4}-\d\d-\d\dT/.test(input.entry))) throw missing;
  const isOfThis = eq(timelineEntries.incidentId, incidentId);
  const distance = sql`abs(extract(epoch from ${timelineEntries.at}) - ${instant / 1_000}::float8)`;
  const [row] = await (isById
    ? ctx.db.read
        .select()
        .from(timelineEntries)
        .where(and(isOfThis, eq(timelineEntries.id, input.entry.toLowerCase())))
    : ctx.db.read.select().from(timelineEntries).where(isOfThis).orderBy(distance, asc(timelineEntries.seq)).limit(1));
  if (!row) throw missing;
  return presentEntry(row);
}
