import { and, asc, desc, eq, gt } from "drizzle-orm";
import { timelineEntries } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { accessTo, findIncidentOrTarget } from "#/server/incidents/index.ts";
import { decodeCursor, pageOf } from "#/server/platform/cursor.ts";
import type { ListTimelineQuery, TimelineEntryView } from "./contract.ts";
import { presentEntry } from "./present.ts";
import { MISSED_ENTRIES_MAX } from "./shared/lists.ts";

/** The largest page; a larger wish is clamped. */
const PAGE_MAX = 200;

/**
 * A page of an incident's timeline, by sequence number; with `afterSeq`, all that was missed up to a limit.
 * @throws AppError "not_found" | "forbidden" | "invalid" for a foreign cursor
 */
export async function listTimeline(
  ctx: Ctx,
  query: { incident: string } & ListTimelineQuery,
): Promise<{ items: TimelineEntryView[]; nextCursor: string | null }> {
  const { row } = await findIncidentOrTarget(ctx.db.read, ctx, query.incident);
  requireAbility(ctx.actor, "incidents.read", await accessTo(ctx.db.read, ctx, row));
  const [cursorSeq] = decodeCursor(query.cursor, ["number"]) ?? [];
  const isCatchUp = query.afterSeq !== undefined && cursorSeq === undefined;
  const limit = isCatchUp ? MISSED_ENTRIES_MAX : Math.min(query.limit, PAGE_MAX);
  const afterSeq = Number(cursorSeq ?? query.afterSeq ?? 0);
  const found = await ctx.db.read
    .select()
    .from(timelineEntries)
    .where(
      and(
        eq(timelineEntries.incidentId, row.id),
        gt(timelineEntries.seq, Number.isSafeInteger(afterSeq) ? afterSeq : 0),
      ),
    )
    .orderBy(asc(timelineEntries.seq))
    .limit(limit + 1);
  const page = pageOf(found, limit, (last) => [last.seq]);
  return { items: page.items.map(presentEntry), nextCursor: page.nextCursor };
}

/** The newest entries of an incident, oldest of them first. The caller has checked that the incident may be seen. */
export async function listLatestEntries(ctx: Ctx, incidentId: string): Promise<TimelineEntryView[]> {
  const found = await ctx.db.read
    .select()
    .from(timelineEntries)
    .where(eq(timelineEntries.incidentId, incidentId))
    .orderBy(desc(timelineEntries.seq))
    .limit(MISSED_ENTRIES_MAX);
  return found.reverse().map(presentEntry);
}

/** One entry as it stands now, or null. The caller has checked that its incident may be seen. */
export async function getEntry(ctx: Ctx, entryId: string): Promise<TimelineEntryView | null> {
  const [row] = await ctx.db.read.select().from(timelineEntries).where(eq(timelineEntries.id, entryId));
  return row ? presentEntry(row) : null;
}
