import { and, eq, ilike, isNotNull, isNull, or, type SQL, sql } from "drizzle-orm";
import { timelineEntries } from "#/db/schema/index.ts";
import { containsPattern } from "#/server/platform/cursor.ts";
import { IGNORED_SIGNS, type TimelineFilter, typesOfFilter, wordsToFind } from "./shared/filters.ts";

/** Whether an entry belongs under a filter: `isUnder` of `shared/filters.ts`, as a condition. */
export function underFilter(filter: TimelineFilter): SQL | undefined {
  const { kind, type, mark, pinnedAt, deletedAt } = timelineEntries;
  switch (filter) {
    case "all":
      return sql`true`;
    case "notes":
      return and(eq(kind, "note"), isNull(deletedAt));
    case "decisions":
      return eq(mark, "decision");
    case "follow_ups":
      return eq(mark, "follow_up");
    case "pinned":
      return isNotNull(pinnedAt);
    default:
      return and(eq(kind, "event"), or(...typesOfFilter[filter].map((start) => sql`starts_with(${type}, ${start})`)));
  }
}

/** Whether a note, or what an event says about itself, holds all of these words. */
export function withWords(text: string): SQL | undefined {
  const { kind, actorName, type, body, data } = timelineEntries;
  const read = (column: SQL | typeof body) => sql`translate(${column}, ${IGNORED_SIGNS}, '')`;
  return and(
    ...wordsToFind(text).map((word) => {
      const pattern = containsPattern(word);
      const isInEvent = or(ilike(read(sql`${type}`), pattern), ilike(read(sql`${data}::text`), pattern));
      return or(ilike(read(sql`${actorName}`), pattern), ilike(read(body), pattern), and(eq(kind, "event"), isInEvent));
    }),
  );
}
