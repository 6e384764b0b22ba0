"use client";

import { useEffect, useState } from "react";
import { api, problemText } from "#/components/api/client.ts";
import type { SearchHitView } from "#/server/search/contract.ts";

/** Typing pauses this long before the server is asked. */
const PAUSE_MS = 160;
/** One letter finds everything. */
const QUERY_LENGTH_MIN = 2;
const HITS_SHOWN = 8;

export type Search = { hits: readonly SearchHitView[]; isSearching: boolean; problem: string | null };
const nothing: Search = { hits: [], isSearching: false, problem: null };

/** What the server finds for a query, asked for after a pause in typing; an answer that came too late is thrown away. */
export function useSearch(query: string): Search {
  const [search, setSearch] = useState(nothing);
  useEffect(() => {
    const asked = query.trim();
    if (asked.length < QUERY_LENGTH_MIN) return setSearch(nothing);
    setSearch(({ hits }) => ({ hits, isSearching: true, problem: null }));
    const stale = new AbortController();
    const timer = setTimeout(() => {
      api
        .get<{ items: SearchHitView[] }>(
          `/api/v1/search?limit=${HITS_SHOWN}&q=${encodeURIComponent(asked)}`,
          stale.signal,
        )
        .then(({ items }) => !stale.signal.aborted && setSearch({ hits: items, isSearching: false, problem: null }))
        .catch((error: unknown) => {
          if (!stale.signal.aborted) setSearch({ hits: [], isSearching: false, problem: problemText(error) });
        });
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      stale.abort();
    };
  }, [query]);
  return search;
}
