"use client";

import { useEffect, useRef, useState } from "react";
import type { TimelineEntryView } from "#/server/timeline/contract.ts";
import { announcementOf } from "./announcement.ts";

/** News is read out at most this often: a storm of alerts is one sentence. */
const PAUSE_MS = 3_000;

/** Reads out what is new in the timeline, several entries as numbers; never one's own, never what is typed into a note. */
export function Announcer({ entries, myId }: { entries: readonly TimelineEntryView[]; myId: string }) {
  const [said, setSaid] = useState({ words: "", count: 0 });
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
      const words = announcementOf(waiting.current);
      waiting.current = [];
      timer.current = undefined;
      setSaid((last) => ({ words, count: last.count + 1 }));
    }, PAUSE_MS);
  }, [entries, myId]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return (
    <div aria-live="polite" className="sr-only">
      {/* A new element each time: the same words twice are news twice. */}
      <span key={said.count}>{said.words}</span>
    </div>
  );
}
