"use client";

import { type MouseEvent, useState } from "react";
import { Button } from "#/components/ui/button.tsx";
import { Time } from "#/components/ui/time.tsx";
import type { TimelineEntryView } from "#/server/timeline/contract.ts";
import { plainSentence, sentenceOf } from "./event-sentence.ts";
import { markLooks } from "./marks.ts";
import { momentPath } from "./use-moment.ts";

/** More than these would push the timeline away. */
const SHOWN_MAX = 3;
const WORDS_MAX = 160;

function shortText(entry: TimelineEntryView): string {
  if (entry.kind === "event") return plainSentence(sentenceOf(entry));
  const words = (entry.body ?? "")
    .replace(/[*_`#>~]+/g, "")
    .replace(/\s+/g, " ")
    .trim();
  const mark = entry.mark ? `${markLooks[entry.mark].word} · ` : "";
  return `${mark}${entry.actor.name}: ${words.slice(0, WORDS_MAX) || "empty note"}`;
}

type Props = {
  pinned: readonly TimelineEntryView[];
  reference: string;
  onGo: (entryId: string) => void;
};

/** What everybody should see first; each leads to its place in the timeline. */
export function PinStrip({ pinned, reference, onGo }: Props) {
  const [isOpen, setOpen] = useState(false);
  if (pinned.length === 0) return null;
  const shown = isOpen ? pinned : pinned.slice(-SHOWN_MAX);
  const go = (entryId: string) => (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    window.history.replaceState(null, "", `#t=${entryId}`);
    onGo(entryId);
  };
  return (
    <nav
      aria-label="Pinned"
      className="max-h-[30vh] shrink-0 overflow-y-auto border-b border-line px-6 py-1.5 max-[900px]:px-4"
    >
      <ul>
        {shown.map((entry) => (
          <li key={entry.id}>
            <a
              href={momentPath(reference, entry.id)}
              onClick={go(entry.id)}
              className="flex min-h-6 items-baseline gap-2 rounded-sm text-s text-muted hover:text-text max-[900px]:min-h-11 max-[900px]:items-center"
            >
              <span aria-hidden="true" className="text-accent">
                ⊙
              </span>
              <Time at={entry.at} className="font-mono text-xs text-faint" />
              <span className="truncate">{shortText(entry)}</span>
            </a>
          </li>
        ))}
      </ul>
      {pinned.length > SHOWN_MAX && (
        <Button size="s" variant="quiet" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isOpen ? "Show fewer" : `Show all ${pinned.length} pinned`}
        </Button>
      )}
    </nav>
  );
}
