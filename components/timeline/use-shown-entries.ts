"use client";

import { useCallback, useDeferredValue, useMemo } from "react";
import type { RoomView } from "#/server/realtime/contract.ts";
import type { TimelineEntryView } from "#/server/timeline/contract.ts";
import { isUnder, type TimelineCounts } from "#/server/timeline/shared/filters.ts";
import { countsOf, entriesToShow, hasWords } from "./known-entries.ts";
import type { Notes } from "./use-notes.ts";
import type { TimelineFilterState } from "./use-timeline-filter.ts";

type Shown = {
  shown: readonly TimelineEntryView[];
  counts: TimelineCounts;
  /** Whether an entry is among those that the filter lets through. */
  isShown: (entry: TimelineEntryView) => boolean;
};

/** The entries under the filter, with own ones on their way, and how many there are of each kind. */
export function useShownEntries(room: RoomView, notes: Notes, { filter, words }: TimelineFilterState): Shown {
  const { entries, earlier } = room;
  const { pending, texts } = notes;
  const counts = useMemo(() => countsOf({ entries, earlier }), [entries, earlier]);
  const wanted = useMemo(
    () => entriesToShow({ entries: [...entries, ...pending], earlier }, { filter, words }, texts),
    [entries, pending, earlier, filter, words, texts],
  );
  const isShown = useCallback(
    (entry: TimelineEntryView) => isUnder(entry, filter) && (words === "" || hasWords(entry, words)),
    [filter, words],
  );
  // Drawn in slices: thousands of rows must not hold up what somebody types.
  return { shown: useDeferredValue(wanted), counts, isShown };
}
