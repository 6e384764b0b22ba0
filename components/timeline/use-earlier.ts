"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { api, problemText } from "#/components/api/client.ts";
import { useAddEarlier, useRoom } from "#/components/realtime/room/room-provider.tsx";
import { incidentPath } from "#/components/room/incident-path.ts";
import { toast } from "#/components/ui/toasts.tsx";
import type { RoomView } from "#/server/realtime/contract.ts";
import type { TimelineEntryView } from "#/server/timeline/contract.ts";
import type { TimelineFilter } from "#/server/timeline/shared/filters.ts";
import { MISSED_ENTRIES_MAX } from "#/server/timeline/shared/lists.ts";
import { earlierAfter } from "./known-entries.ts";

/** One page of entries: enough to scroll through, few enough to be drawn in a moment. */
const PAGE_ENTRIES = 200;

type Page = { items: TimelineEntryView[]; nextCursor: string | null };

async function readBefore(incidentId: string, beforeSeq: number, more: Record<string, string> = {}): Promise<Page> {
  const query = new URLSearchParams({ beforeSeq: String(beforeSeq), limit: String(PAGE_ENTRIES), ...more });
  return api.get<Page>(`${incidentPath(incidentId, "timeline")}?${query}`);
}

export type Earlier = {
  /** Something older can be shown here. */
  hasMore: boolean;
  isLoading: boolean;
  /** Reads the page before what is shown. */
  load: () => Promise<void>;
  /** Reads on until an entry is here. */
  loadTo: (seq: number) => Promise<void>;
};

type Asked = { filter: TimelineFilter; words: string };

/** The way back in a long timeline: page by page, or only what belongs under a filter. */
export function useEarlier({ filter, words }: Asked): Earlier {
  const { room, joins } = useRoom();
  const addEarlier = useAddEarlier();
  const incidentId = room.incident.id;
  const latest = useRef(room.earlier);
  latest.current = room.earlier;
  const running = useRef<Promise<void> | null>(null);
  const [isLoading, setLoading] = useState(false);

  const once = useCallback((work: () => Promise<void>): Promise<void> => {
    running.current ??= (async () => {
      setLoading(true);
      try {
        await work();
      } catch (error) {
        toast(problemText(error), "bad");
      } finally {
        running.current = null;
        setLoading(false);
      }
    })();
    return running.current;
  }, []);

  const readPage = useCallback(async () => {
    const earlier = latest.current;
    if (!earlier) return;
    const page = await readBefore(incidentId, earlier.beforeSeq);
    latest.current = earlierAfter(earlier, page.items, page.nextCursor !== null);
    addEarlier(page.items, latest.current);
  }, [incidentId, addEarlier]);
  const load = useCallback(() => once(readPage), [once, readPage]);
  const loadTo = useCallback(
    async (seq: number) => {
      await running.current;
      await once(async () => {
        const read: TimelineEntryView[] = [];
        let earlier = latest.current;
        try {
          while (earlier && earlier.beforeSeq > seq) {
            const page = await readBefore(incidentId, earlier.beforeSeq);
            earlier = earlierAfter(earlier, page.items, page.nextCursor !== null);
            read.push(...page.items);
          }
        } finally {
          // Shown together: each addition draws the whole list.
          latest.current = earlier;
          addEarlier(read, earlier);
        }
      });
    },
    [once, incidentId, addEarlier],
  );
  useReadAgain(incidentId, joins, room, addEarlier);
  const matches = useMatches({ incidentId, filter, words, earlier: room.earlier, once, addEarlier });
  const isNarrowed = filter !== "all" || words !== "";
  const hasMore = isNarrowed ? matches.hasMore : room.earlier !== null;
  return { hasMore, isLoading, load: isNarrowed ? matches.load : load, loadTo };
}

/** After the room was read anew, what is older than it is read again too: it may have changed meanwhile. */
function useReadAgain(
  incidentId: string,
  joins: number,
  room: RoomView,
  addEarlier: ReturnType<typeof useAddEarlier>,
): void {
  const shown = useRef(room);
  shown.current = room;
  useEffect(() => {
    if (joins === 0) return;
    let isStale = false;
    async function readAgain(): Promise<void> {
      const { entries, earlier } = shown.current;
      const from = earlier?.beforeSeq ?? 0;
      const seqs = entries.map((entry) => entry.seq).filter((seq) => seq >= from);
      // As many as these came with the room.
      let before = seqs.sort((a, b) => b - a)[MISSED_ENTRIES_MAX - 1] ?? 0;
      while (before > from && !isStale) {
        const page = await readBefore(incidentId, before);
        if (!isStale) addEarlier(page.items.filter((entry) => entry.seq >= from));
        before = page.nextCursor === null ? 0 : (page.items[0]?.seq ?? 0);
      }
    }
    // What cannot be read now stays as it is shown; the next connect tries again.
    readAgain().catch(() => undefined);
    return () => {
      isStale = true;
    };
  }, [joins, incidentId, addEarlier]);
}

type Matches = Asked & {
  incidentId: string;
  earlier: RoomView["earlier"];
  once: (work: () => Promise<void>) => Promise<void>;
  addEarlier: ReturnType<typeof useAddEarlier>;
};

/** What belongs under a filter and is not here yet: the first page at once, others when they are asked for. */
function useMatches({ incidentId, filter, words, earlier, once, addEarlier }: Matches) {
  const key = `${filter} ${words}`;
  const [found, setFound] = useState<{ key: string; from: number; cursor: string | null } | null>(null);
  const isNarrowed = filter !== "all" || words !== "";
  const isFirst = found?.key !== key;
  const beforeSeq = earlier?.beforeSeq;
  const expected = words === "" ? (earlier?.counts[filter] ?? 0) : (earlier?.counts.all ?? 0);
  const load = useCallback(
    () =>
      once(async () => {
        if (beforeSeq === undefined) return;
        const from = isFirst ? beforeSeq : (found?.from ?? beforeSeq);
        const cursor = isFirst ? null : (found?.cursor ?? null);
        const more = {
          ...(filter !== "all" && { kind: filter }),
          ...(words && { q: words }),
          ...(cursor && { cursor }),
        };
        const page = await readBefore(incidentId, from, more);
        addEarlier(page.items);
        setFound({ key, from, cursor: page.nextCursor });
      }),
    [once, beforeSeq, isFirst, found, filter, words, key, incidentId, addEarlier],
  );
  const mayFind = isNarrowed && beforeSeq !== undefined && expected > 0;
  useEffect(() => {
    if (mayFind && isFirst) void load();
  }, [mayFind, isFirst, load]);
  return { hasMore: mayFind && !isFirst && found?.cursor !== null, load };
}
