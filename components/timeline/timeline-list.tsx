"use client";

import { memo, type ReactNode } from "react";
import type { Writer } from "#/components/realtime/room/shared-text.ts";
import { useZone } from "#/components/ui/clock.tsx";
import { Time } from "#/components/ui/time.tsx";
import type { SlackMessageView } from "#/server/slack/contract.ts";
import type { TimelineEntryView } from "#/server/timeline/contract.ts";
import { dayOf } from "./day-of.ts";
import { EventRow } from "./event-row.tsx";
import { AT_END } from "./fold-messages.ts";
import { MessageFold } from "./message-fold.tsx";
import { NoteRow, type NoteRowProps } from "./note-row.tsx";

const Event = memo(EventRow);
const Note = memo(NoteRow);
const noWriters: readonly Writer[] = [];

type Props = Pick<NoteRowProps, "openText" | "onMenu"> & {
  shown: readonly TimelineEntryView[];
  texts: ReadonlyMap<string, string>;
  writers: ReadonlyMap<string, readonly Writer[]>;
  /** Who holds which role. */
  roles: ReadonlyMap<string, string>;
  target: string | null;
  /** The entry whose menu is open. */
  menuOf: string | null;
  /** What was said in Slack, by the entry that it stands before. */
  folds: ReadonlyMap<string, readonly SlackMessageView[]>;
  /** Whether somebody looks for words. */
  isFinding: boolean;
  /** What stands above the first entry. */
  before: ReactNode;
  /** What stands for the entries when there are none. */
  empty: ReactNode;
};

/** The rows of a timeline, with a line between days. */
export const TimelineList = memo(function TimelineList(props: Props) {
  const { shown, texts, writers, roles, target, menuOf, folds, isFinding, before, empty, openText, onMenu } = props;
  const { shownZone } = useZone();
  const dayAt = (at: number) => dayOf(shown.at(at)?.at ?? "", shownZone);
  // On one day its name says nothing.
  let lastDay = shown.length > 0 && dayAt(0) === dayAt(-1) ? dayAt(0) : null;
  const rows: ReactNode[] = [];
  for (const [at, entry] of shown.entries()) {
    const day = dayOf(entry.at, shownZone);
    const talk = folds.get(entry.id);
    if (talk) rows.push(<MessageFold key={`talk ${entry.id}`} messages={talk} isFound={isFinding} />);
    if (day !== lastDay) rows.push(<DayRow key={`day ${entry.id}`} at={entry.at} />);
    lastDay = day;
    const state = {
      entry,
      isTarget: entry.id === target,
      isMenuOpen: entry.id === menuOf,
      isLast: at === shown.length - 1,
      onMenu,
    };
    rows.push(
      entry.kind === "event" ? (
        <Event key={entry.id} {...state} />
      ) : (
        <Note
          key={entry.id}
          {...state}
          liveText={texts.get(entry.id)}
          writers={writers.get(entry.id) ?? noWriters}
          role={roles.get(entry.actor.id ?? "")}
          isPending={entry.seq === Number.MAX_SAFE_INTEGER}
          openText={openText}
        />
      ),
    );
  }
  return (
    <ol className="px-6 py-3 max-[900px]:px-4">
      {before}
      {rows}
      {folds.get(AT_END) && <MessageFold messages={folds.get(AT_END) ?? []} isFound={isFinding} />}
      {shown.length === 0 && folds.size === 0 && <li className="py-2">{empty}</li>}
    </ol>
  );
});

function DayRow({ at }: { at: string }) {
  return (
    <li className="flex items-center gap-3 py-2 text-xs text-faint before:h-px before:grow before:bg-line after:h-px after:grow after:bg-line">
      <Time at={at} format="day" />
    </li>
  );
}
