import type { TimelineEntryView } from "#/server/timeline/contract.ts";
import { actsClass, EntryRow, MoreButton, PinnedTag, RecordedLate, type RowState } from "./entry-row.tsx";
import { type Piece, plainSentence, sentenceOf } from "./event-sentence.ts";

/** What a piece of a sentence is at its place, for React. */
function keyOf(piece: Piece, at: number): string {
  return `${at}:${typeof piece === "string" ? piece : piece.strong}`;
}

/** An event as one sentence. */
export function EventRow({ entry, isTarget, isLast, isMenuOpen, onMenu }: RowState & { entry: TimelineEntryView }) {
  const sentence = sentenceOf(entry);
  return (
    <EntryRow entry={entry} sign={sentence.sign} tone={sentence.tone} isTarget={isTarget} isLast={isLast}>
      <div className="flex min-w-0 items-start gap-x-2">
        <p className="min-w-0 text-s text-muted wrap-anywhere">
          {sentence.pieces.map((piece, at) =>
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
        <RecordedLate entry={entry} />
        <PinnedTag entry={entry} />
        <span className={`-my-1 ml-auto ${actsClass}`}>
          <MoreButton
            entry={entry}
            label={`More about: ${plainSentence(sentence)}`}
            isMenuOpen={isMenuOpen}
            onMenu={onMenu}
          />
        </span>
      </div>
    </EntryRow>
  );
}
