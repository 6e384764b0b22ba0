import type { RoomView } from "#/server/realtime/contract.ts";
import type { TimelineEntryView } from "#/server/timeline/contract.ts";
import {
  isUnder,
  type TimelineCounts,
  type TimelineFilter,
  timelineFilters,
  withoutSigns,
  wordsToFind,
} from "#/server/timeline/shared/filters.ts";
import { plainSentence, sentenceOf } from "./event-sentence.ts";

export const filterNames: Record<TimelineFilter, string> = {
  all: "All",
  notes: "Notes",
  decisions: "Decisions",
  follow_ups: "Follow-ups",
  alerts: "Alerts",
  changes: "Changes",
  updates: "Updates",
  pinned: "Pinned",
};

/** What somebody reads of an entry, for finding it. */
function wordsIn(entry: TimelineEntryView, liveText: string | undefined): string {
  if (entry.kind === "note") return `${entry.actor.name} ${liveText ?? entry.body ?? ""}`;
  return `${entry.actor.name} ${plainSentence(sentenceOf(entry))} ${JSON.stringify(entry.data)}`;
}

/** Whether an entry holds all of the words, as the reader sees it. Pure. */
export function hasWords(entry: TimelineEntryView, words: string, liveText?: string): boolean {
  const text = withoutSigns(wordsIn(entry, liveText)).toLowerCase();
  return wordsToFind(words).every((word) => text.includes(word));
}

type Asked = { filter: TimelineFilter; words: string };

/**
 * The entries to show: without a filter all from where the timeline is read without holes, else all that is known and
 * belongs. Pure.
 */
export function entriesToShow(
  { entries, earlier }: Pick<RoomView, "entries" | "earlier">,
  { filter, words }: Asked,
  texts: ReadonlyMap<string, string>,
): readonly TimelineEntryView[] {
  if (filter === "all" && words === "") {
    return earlier ? entries.filter((entry) => entry.seq >= earlier.beforeSeq) : entries;
  }
  return entries.filter((entry) => isUnder(entry, filter) && (!words || hasWords(entry, words, texts.get(entry.id))));
}

/** How many entries the whole timeline has under each filter, whether they are here or not. Pure. */
export function countsOf({ entries, earlier }: Pick<RoomView, "entries" | "earlier">): TimelineCounts {
  const counts: TimelineCounts = earlier
    ? { ...earlier.counts }
    : { all: 0, notes: 0, decisions: 0, follow_ups: 0, alerts: 0, changes: 0, updates: 0, pinned: 0 };
  const from = earlier?.beforeSeq ?? 0;
  for (const entry of entries) {
    if (entry.seq < from) continue;
    for (const filter of timelineFilters) if (isUnder(entry, filter)) counts[filter] += 1;
  }
  return counts;
}

/** What is left out after a page before it was read. Pure. */
export function earlierAfter(
  earlier: NonNullable<RoomView["earlier"]>,
  page: readonly TimelineEntryView[],
  hasMore: boolean,
): RoomView["earlier"] {
  const first = page[0];
  if (!hasMore || !first) return null;
  const read = countsOf({ entries: [...page], earlier: null });
  const counts = { ...earlier.counts };
  for (const filter of timelineFilters) counts[filter] = Math.max(0, counts[filter] - read[filter]);
  return { beforeSeq: first.seq, counts };
}

/** The entry that happened nearest to an instant. Pure. */
export function nearestTo(entries: readonly TimelineEntryView[], atMs: number): TimelineEntryView | undefined {
  let nearest: TimelineEntryView | undefined;
  for (const entry of entries) {
    const distance = Math.abs(Date.parse(entry.at) - atMs);
    if (!nearest || distance < Math.abs(Date.parse(nearest.at) - atMs)) nearest = entry;
  }
  return nearest;
}
