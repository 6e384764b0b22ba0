"use client";

import { useSearchParams } from "next/navigation";
import { useCallback, useEffect, useRef, useState } from "react";
import { type TimelineFilter, timelineFilters } from "#/server/timeline/shared/filters.ts";

/** Typing pauses this long before the address, and the server, follow. */
const TYPING_PAUSE_MS = 300;

/** Changes the query without asking the server for the page again: the room is here already. */
function writeQuery(name: string, value: string): void {
  const next = new URL(window.location.href);
  if (value) next.searchParams.set(name, value);
  else next.searchParams.delete(name);
  if (next.href !== window.location.href) window.history.replaceState(null, "", next);
}

export type TimelineFilterState = {
  filter: TimelineFilter;
  setFilter: (filter: TimelineFilter) => void;
  /** What stands in the field. */
  typed: string;
  type: (text: string) => void;
  /** The same after a pause in typing, as the address has it. */
  words: string;
  clear: () => void;
};

/** What the timeline is narrowed to; it lives in the address (`?show=decisions&find=rollback`), so that it can be sent. */
export function useTimelineFilter(): TimelineFilterState {
  const params = useSearchParams();
  const words = (params.get("find") ?? "").trim();
  const filter = timelineFilters.find((known) => known === params.get("show")) ?? "all";
  const [typed, setTyped] = useState(words);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const setFilter = useCallback((next: TimelineFilter) => writeQuery("show", next === "all" ? "" : next), []);
  const type = useCallback((text: string) => {
    setTyped(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => writeQuery("find", text.trim()), TYPING_PAUSE_MS);
  }, []);
  const clear = useCallback(() => {
    clearTimeout(timer.current);
    setTyped("");
    writeQuery("show", "");
    writeQuery("find", "");
  }, []);
  return { filter, setFilter, typed, type, words, clear };
}
