import { cx } from "#/components/ui/cx.ts";
import { Time } from "#/components/ui/time.tsx";
import type { TimelineEntryView } from "#/server/timeline/contract.ts";
import { type Piece, type SentenceTone, sentenceOf } from "./event-sentence.ts";

const signTones: Record<SentenceTone, string> = {
  plain: "border-line text-muted",
  bad: "border-bad/40 text-bad",
  ok: "border-ok/40 text-ok",
  warn: "border-warn/40 text-warn",
};

/** The round sign before an entry, and the thread to the next one. */
export function EntrySign({ sign, tone = "plain" }: { sign: string; tone?: SentenceTone }) {
  return (
    <span
      aria-hidden="true"
      className={cx(
        "relative mt-px grid size-[18px] place-items-center rounded-full border bg-raised text-[10px] leading-none after:absolute after:top-5 after:left-1/2 after:h-2.5 after:w-px after:bg-line",
        signTones[tone],
      )}
    >
      {sign}
    </span>
  );
}

export const entryGrid =
  "grid grid-cols-[46px_20px_minmax(0,1fr)] gap-2 py-[5px] max-[900px]:grid-cols-[42px_18px_minmax(0,1fr)]";

/** What a piece of a sentence is at its place, for React. */
function keyOf(piece: Piece, at: number): string {
  return `${at}:${typeof piece === "string" ? piece : piece.strong}`;
}

/** An event as one sentence. */
export function EventRow({ entry }: { entry: TimelineEntryView }) {
  const { sign, tone, pieces } = sentenceOf(entry);
  return (
    <li data-entry={entry.id} tabIndex={-1} className={entryGrid}>
      <Time at={entry.at} className="font-mono text-xs leading-[1.7] text-faint" />
      <EntrySign sign={sign} tone={tone} />
      <p className="text-s text-muted wrap-anywhere">
        {pieces.map((piece, at) =>
          typeof piece === "string" ? (
            <span key={keyOf(piece, at)} className="whitespace-pre-wrap">
              {piece}
            </span>
          ) : (
            <b key={keyOf(piece, at)} className="font-[550] text-text">
              {piece.strong}
            </b>
          ),
        )}
      </p>
    </li>
  );
}
