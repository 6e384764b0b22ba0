"use client";

import { Segmented } from "#/components/ui/segmented.tsx";
import { ZoneToggle } from "#/components/ui/time.tsx";
import { type TimelineCounts, timelineFilters } from "#/server/timeline/shared/filters.ts";
import { FIND_LENGTH_MAX } from "#/server/timeline/shared/lists.ts";
import { filterNames } from "./known-entries.ts";
import type { TimelineFilterState } from "./use-timeline-filter.ts";

/** Kinds that are always offered; the others when there is something of them. */
const ALWAYS = ["all", "notes"] as const;

type Props = { state: TimelineFilterState; counts: TimelineCounts };

/** What the timeline is narrowed to, by kind and by words, and in which zone its times are. */
export function TimelineHead({ state, counts }: Props) {
  const offered = timelineFilters.filter(
    (filter) => ALWAYS.some((each) => each === filter) || counts[filter] > 0 || filter === state.filter,
  );
  return (
    <header className="flex shrink-0 items-center gap-x-3 gap-y-1.5 border-b max-[900px]:flex-wrap border-line px-6 py-2 max-[900px]:px-4 max-[900px]:py-1">
      <h2 className="text-xs font-semibold tracking-[0.06em] text-muted uppercase max-[900px]:sr-only">Timeline</h2>
      <div className="flex min-w-0 max-w-full overflow-x-auto">
        <Segmented
          label="Show"
          value={state.filter}
          options={offered.map((value) => ({ value, label: `${filterNames[value]} ${counts[value]}` }))}
          onChange={state.setFilter}
        />
      </div>
      <input
        type="search"
        aria-label="Find in the timeline"
        placeholder="Find"
        value={state.typed}
        maxLength={FIND_LENGTH_MAX}
        onChange={(event) => state.type(event.target.value)}
        className="min-h-6 w-20 min-w-16 grow rounded-sm border border-line bg-transparent px-2 text-xs placeholder:text-faint max-[900px]:min-h-11 min-[901px]:max-w-44"
      />
      <span className="ml-auto shrink-0">
        <ZoneToggle />
      </span>
    </header>
  );
}
