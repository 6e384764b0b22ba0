"use client";

import { useEffect, useMemo, useRef, useState } from "react";
import { api } from "#/components/api/client.ts";
import { useRoom } from "#/components/realtime/room/room-provider.tsx";
import { incidentPath } from "#/components/room/incident-path.ts";
import type { SlackMessageView } from "#/server/slack/contract.ts";
import type { TimelineFilterState } from "./use-timeline-filter.ts";

/** Pages that are read by themselves: a thousand messages. What is older is found by its words. */
const PAGES_MAX = 5;
/** Pages of what changed since: a client that was away for hours. */
const MISSED_PAGES_MAX = 100;

type Page = { items: SlackMessageView[]; nextCursor: string | null };

async function readPages(
  incidentId: string,
  query: Record<string, string>,
  pagesMax: number,
): Promise<SlackMessageView[]> {
  const read: SlackMessageView[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < pagesMax; page += 1) {
    const params: URLSearchParams = new URLSearchParams({ ...query, ...(cursor && { cursor }) });
    const { items, nextCursor }: Page = await api.get<Page>(`${incidentPath(incidentId, "slack-messages")}?${params}`);
    read.push(...items);
    cursor = nextCursor;
    if (!cursor) break;
  }
  return read;
}

/**
 * What was said in the incident's Slack channel, as it is now: read once it is wanted, kept up by what changed since.
 * With words only the messages that hold them; under a filter none.
 */
export function useChat({ filter, words }: Pick<TimelineFilterState, "filter" | "words">): readonly SlackMessageView[] {
  const { room, joins } = useRoom();
  const incidentId = room.incident.id;
  const { seq } = room.chat;
  const [known, setKnown] = useState<ReadonlyMap<string, SlackMessageView>>(new Map());
  const readUpTo = useRef(0);
  useEffect(() => {
    // A connect may have brought a room that missed something.
    void joins;
    if (seq <= readUpTo.current) return;
    let isStale = false;
    const isFirst = readUpTo.current === 0;
    const pages = isFirst
      ? readPages(incidentId, {}, PAGES_MAX)
      : readPages(incidentId, { afterSeq: String(readUpTo.current) }, MISSED_PAGES_MAX);
    pages.then(
      (read) => {
        if (isStale) return;
        readUpTo.current = Math.max(readUpTo.current, seq);
        setKnown((before) => new Map([...before, ...read.map((message) => [message.id, message] as const)]));
      },
      // The next message, or the next connect, reads it again.
      () => undefined,
    );
    return () => {
      isStale = true;
    };
  }, [incidentId, seq, joins]);
  const found = useFound(incidentId, words, seq);
  return useMemo(() => {
    if (filter !== "all") return [];
    return words ? found : [...known.values()];
  }, [filter, words, found, known]);
}

/** What the server finds of all that was ever said there. */
function useFound(incidentId: string, words: string, seq: number): readonly SlackMessageView[] {
  const [found, setFound] = useState<readonly SlackMessageView[]>([]);
  useEffect(() => {
    if (!words || seq === 0) return setFound([]);
    let isStale = false;
    readPages(incidentId, { q: words }, 1).then(
      (read) => !isStale && setFound(read),
      () => undefined,
    );
    return () => {
      isStale = true;
    };
  }, [incidentId, words, seq]);
  return found;
}
