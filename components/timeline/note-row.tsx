"use client";

import { useState } from "react";
import type { Awareness } from "y-protocols/awareness";
import type * as Y from "yjs";
import { useMe } from "#/components/realtime/room/room-provider.tsx";
import { colourOf, type Writer, writersText } from "#/components/realtime/room/shared-text.ts";
import { Button } from "#/components/ui/button.tsx";
import { Tag } from "#/components/ui/tag.tsx";
import type { TimelineEntryView } from "#/server/timeline/contract.ts";
import { actsClass, EntryRow, MoreButton, PinnedTag, RecordedLate, type RowState } from "./entry-row.tsx";
import { markLooks } from "./marks.ts";
import { NoteBody } from "./note-body.tsx";
import { NoteEditor } from "./note-editor.tsx";
import { rowId } from "./use-moment.ts";

export type NoteRowProps = RowState & {
  entry: TimelineEntryView;
  /** The text as it is being written, when it is here. */
  liveText: string | undefined;
  writers: readonly Writer[];
  /** The author's part in the incident. */
  role: string | undefined;
  isPending: boolean;
  openText: (noteId: string) => { text: Y.Text; awareness: Awareness } | null;
};

/** Who has the note open: their colour, the caret, and words. */
function Writers({ writers }: { writers: readonly Writer[] }) {
  if (!writers[0]) return null;
  return (
    <span className="inline-flex items-center gap-1" style={{ color: colourOf(writers[0]) }}>
      {writers.map((writer) => (
        <i
          key={writer.id}
          aria-hidden="true"
          className="h-3 w-0.5 rounded-full"
          style={{ backgroundColor: colourOf(writer) }}
        />
      ))}
      {writersText(writers)}
    </span>
  );
}

/** A note: read until somebody opens it, then written together. */
export function NoteRow(props: NoteRowProps) {
  const { entry, liveText, writers, role, isPending, openText, isTarget, isLast, isMenuOpen, onMenu } = props;
  const me = useMe();
  const [open, setOpen] = useState<ReturnType<NoteRowProps["openText"]>>(null);
  const canEdit = me.canWrite && entry.deletedAt === null;
  const edit = () => canEdit && setOpen(openText(entry.id));
  const done = () => {
    setOpen(null);
    document.getElementById(rowId(entry.id))?.focus({ preventScroll: true });
  };
  if (entry.deletedAt !== null) {
    return (
      <EntryRow entry={entry} sign="–" isTarget={isTarget} isLast={isLast}>
        <p className="text-s text-faint">A note by {entry.actor.name} was deleted</p>
      </EntryRow>
    );
  }
  const look = entry.mark ? markLooks[entry.mark] : null;
  return (
    <EntryRow entry={entry} sign={look?.letter ?? "✎"} tone={look?.tone ?? "plain"} isTarget={isTarget} isLast={isLast}>
      <article
        aria-label={`${look ? `${look.word}, note` : "Note"} by ${entry.actor.name}`}
        onDoubleClick={open ? undefined : edit}
        className="min-w-0 rounded-md border border-line bg-panel px-3 py-2"
        {...(writers[0] && { style: { borderColor: colourOf(writers[0]) } })}
      >
        <header className="mb-0.5 flex min-h-5 flex-wrap items-center gap-x-2 text-xs text-muted">
          {look && <Tag tone={look.tone === "ok" ? "ok" : "warn"}>{look.word}</Tag>}
          <PinnedTag entry={entry} />
          <b className="font-semibold text-text">{entry.actor.name}</b>
          {role && <span>{role}</span>}
          {entry.editedAt && <span>edited</span>}
          <RecordedLate entry={entry} />
          <Writers writers={writers} />
          {!open && (
            <span className={`-my-1 ml-auto ${actsClass}`}>
              {canEdit && (
                <Button size="s" variant="quiet" tabIndex={-1} data-act="edit" onClick={edit}>
                  Edit
                </Button>
              )}
              {!isPending && (
                <MoreButton
                  entry={entry}
                  label={`More about the note by ${entry.actor.name}`}
                  isMenuOpen={isMenuOpen}
                  onMenu={onMenu}
                />
              )}
            </span>
          )}
        </header>
        {open ? (
          <NoteEditor noteId={entry.id} {...open} onDone={done} />
        ) : (
          <NoteBody html={entry.html} body={entry.body ?? ""} liveText={liveText} />
        )}
      </article>
    </EntryRow>
  );
}
