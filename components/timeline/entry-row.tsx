"use client";

import type { MouseEvent, ReactNode } from "react";
import { Button } from "#/components/ui/button.tsx";
import { cx } from "#/components/ui/cx.ts";
import { Tag } from "#/components/ui/tag.tsx";
import { Time } from "#/components/ui/time.tsx";
import type { TimelineEntryView } from "#/server/timeline/contract.ts";
import { LATE_AFTER_MS } from "#/server/timeline/shared/lists.ts";
import type { SentenceTone } from "./event-sentence.ts";
import { rowId } from "./use-moment.ts";

const signTones: Record<SentenceTone, string> = {
  plain: "border-line text-muted",
  bad: "border-bad/40 text-bad",
  ok: "border-ok/40 text-ok",
  warn: "border-warn/40 text-warn",
};

/** What every row is told beside its entry. */
export type RowState = {
  /** The one row that a link led to. */
  isTarget: boolean;
  isMenuOpen: boolean;
  /** The last row, where the Tab key enters the list. */
  isLast: boolean;
  onMenu: (entryId: string, button: HTMLElement) => void;
};

type Props = Pick<RowState, "isTarget" | "isLast"> & {
  entry: TimelineEntryView;
  sign: string;
  tone?: SentenceTone;
  children: ReactNode;
};

/**
 * An entry's row: time, sign, and what it says. Rows out of sight are not laid out (`content-visibility`), but they
 * are in the page, so that the browser's own search and screen readers find them.
 */
export function EntryRow({ entry, sign, tone = "plain", isTarget, isLast, children }: Props) {
  return (
    <li
      id={rowId(entry.id)}
      data-entry={entry.id}
      tabIndex={isLast ? 0 : -1}
      className={cx(
        "group grid grid-cols-[46px_20px_minmax(0,1fr)] gap-2 rounded-sm py-[5px] [contain-intrinsic-size:auto_34px] [content-visibility:auto] [overflow-clip-margin:10px] max-[900px]:grid-cols-[42px_18px_minmax(0,1fr)]",
        isTarget && "bg-warn-bg outline-2 outline-warn",
      )}
    >
      <Time at={entry.at} className="font-mono text-xs leading-[1.7] text-faint" />
      <span
        aria-hidden="true"
        className={cx(
          "relative mt-px grid size-[18px] place-items-center rounded-full border bg-raised text-[10px] leading-none font-semibold after:absolute after:top-5 after:left-1/2 after:h-2.5 after:w-px after:bg-line",
          signTones[tone],
        )}
      >
        {sign}
      </span>
      {children}
    </li>
  );
}

/** Says when an entry was written down, if that was later than it happened. */
export function RecordedLate({ entry }: { entry: TimelineEntryView }) {
  if (Date.parse(entry.recordedAt) - Date.parse(entry.at) < LATE_AFTER_MS) return null;
  const isOtherDay = entry.at.slice(0, 10) !== entry.recordedAt.slice(0, 10);
  return (
    <span className="text-xs whitespace-nowrap text-faint">
      recorded <Time at={entry.recordedAt} format={isOtherDay ? "day-time" : "time"} />
    </span>
  );
}

/** Says that an entry is pinned, and by whom. */
export function PinnedTag({ entry }: { entry: TimelineEntryView }) {
  if (!entry.pinned) return null;
  return (
    <span title={entry.pinnedBy ? `Pinned by ${entry.pinnedBy.name}` : undefined}>
      <Tag>
        <span aria-hidden="true">⊙</span> Pinned
      </Tag>
    </span>
  );
}

type MoreProps = Pick<RowState, "isMenuOpen" | "onMenu"> & { entry: TimelineEntryView; label: string };

/** Opens the menu of an entry. */
export function MoreButton({ entry, label, isMenuOpen, onMenu }: MoreProps) {
  return (
    <Button
      size="s"
      variant="quiet"
      tabIndex={-1}
      data-act="more"
      aria-label={label}
      aria-haspopup="menu"
      aria-expanded={isMenuOpen}
      onClick={(event: MouseEvent<HTMLButtonElement>) => onMenu(entry.id, event.currentTarget)}
    >
      <span aria-hidden="true">⋯</span>
    </Button>
  );
}

/** Buttons that show when somebody points at the row or is in it; always where there is no pointer. */
export const actsClass =
  "flex items-center opacity-0 group-hover:opacity-100 group-focus-within:opacity-100 group-focus:opacity-100 has-[[aria-expanded=true]]:opacity-100 max-[900px]:opacity-100 pointer-coarse:opacity-100";
