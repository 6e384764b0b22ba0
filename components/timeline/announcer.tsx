"use client";

import { useEffect, useRef, useState } from "react";
import type { TimelineEntryView } from "#/server/timeline/contract.ts";
import { plainSentence, sentenceOf } from "./event-sentence.ts";

/** News is read out at most this often: a storm of alerts is one sentence. */
const PAUSE_MS = 3_000;
const WORDS_MAX = 200;

function said(entry: TimelineEntryView): string {
  if (entry.kind === "event") return plainSentence(sentenceOf(entry));
  return `${entry.actor.name}: ${(entry.body ?? "").slice(0, WORDS_MAX)}`;
}

/** Reads out what is new in the timeline, several entries as one number. */
export function Announcer({ entries, myId }: { entries: readonly TimelineEntryView[]; myId: string }) {
  const [words, setWords] = useState("");
  const lastSeq = useRef<number | null>(null);
  const waiting = useRef<TimelineEntryView[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    const seen = lastSeq.current;
    lastSeq.current = entries.reduce((max, entry) => Math.max(max, entry.seq), seen ?? 0);
    if (seen === null) return;
    waiting.current.push(...entries.filter((entry) => entry.seq > seen && entry.actor.id !== myId));
    if (waiting.current.length === 0 || timer.current) return;
    timer.current = setTimeout(() => {
      const news = waiting.current;
      const [first] = news;
      waiting.current = [];
      timer.current = undefined;
      setWords(news.length === 1 && first ? said(first) : `${news.length} new entries in the timeline`);
    }, PAUSE_MS);
  }, [entries, myId]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <div aria-live="polite" className="sr-only">
      {words}
    </div>
  );
}
