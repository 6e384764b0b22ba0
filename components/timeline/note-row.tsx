"use client";

import { useState } from "react";
import type { Awareness } from "y-protocols/awareness";
import type * as Y from "yjs";
import { api } from "#/components/api/client.ts";
import { useMe } from "#/components/realtime/room/room-provider.tsx";
import { colourOf, type Writer, writersText } from "#/components/realtime/room/shared-text.ts";
import { incidentPath } from "#/components/room/incident-path.ts";
import { useAct } from "#/components/room/use-act.ts";
import { Button } from "#/components/ui/button.tsx";
import { Dialog, DialogActions } from "#/components/ui/dialog.tsx";
import { Time } from "#/components/ui/time.tsx";
import type { TimelineEntryView } from "#/server/timeline/contract.ts";
import { EntrySign, entryGrid } from "./event-row.tsx";
import { NoteBody } from "./note-body.tsx";
import { NoteEditor } from "./note-editor.tsx";

export type NoteRowProps = {
  entry: TimelineEntryView;
  incidentId: string;
  /** The text as it is being written, when it is here. */
  liveText: string | undefined;
  writers: readonly Writer[];
  /** The author's part in the incident. */
  role: string | undefined;
  isPending: boolean;
  openText: (noteId: string) => { text: Y.Text; awareness: Awareness } | null;
};

/** A note: read until somebody opens it, then written together. */
export function NoteRow({ entry, incidentId, liveText, writers, role, isPending, openText }: NoteRowProps) {
  const me = useMe();
  const [open, setOpen] = useState<ReturnType<NoteRowProps["openText"]>>(null);
  const canEdit = me.canWrite && entry.deletedAt === null;
  const canDelete = canEdit && !isPending && (entry.actor.id === me.id || me.isAdmin);
  const edit = () => canEdit && setOpen(openText(entry.id));
  if (entry.deletedAt !== null) return <DeletedNote entry={entry} />;
  return (
    <li data-entry={entry.id} tabIndex={-1} className={entryGrid}>
      <Time at={entry.at} className="font-mono text-xs leading-[1.7] text-faint" />
      <EntrySign sign="✎" />
      <article
        aria-label={`Note by ${entry.actor.name}`}
        onDoubleClick={open ? undefined : edit}
        className="group min-w-0 rounded-md border border-line bg-panel px-3 py-2"
        {...(writers[0] && { style: { borderColor: colourOf(writers[0]) } })}
      >
        <header className="mb-0.5 flex min-h-5 flex-wrap items-center gap-x-2 text-xs text-muted">
          <b className="font-semibold text-text">{entry.actor.name}</b>
          {role && <span>{role}</span>}
          {entry.editedAt && <span>edited</span>}
          {writers[0] && <span style={{ color: colourOf(writers[0]) }}>{writersText(writers)}</span>}
          {!open && canEdit && (
            <span className="-my-1 ml-auto flex opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 max-[900px]:opacity-100 pointer-coarse:opacity-100">
              <Button size="s" variant="quiet" onClick={edit}>
                Edit
              </Button>
              {canDelete && <DeleteNote incidentId={incidentId} noteId={entry.id} />}
            </span>
          )}
        </header>
        {open ? (
          <NoteEditor noteId={entry.id} {...open} onDone={() => setOpen(null)} />
        ) : (
          <NoteBody html={entry.html} body={entry.body ?? ""} liveText={liveText} />
        )}
      </article>
    </li>
  );
}

function DeletedNote({ entry }: { entry: TimelineEntryView }) {
  return (
    <li data-entry={entry.id} tabIndex={-1} className={entryGrid}>
      <Time at={entry.at} className="font-mono text-xs leading-[1.7] text-faint" />
      <EntrySign sign="–" />
      <p className="text-s text-faint">A note by {entry.actor.name} was deleted</p>
    </li>
  );
}

function DeleteNote({ incidentId, noteId }: { incidentId: string; noteId: string }) {
  const [isAsking, setAsking] = useState(false);
  const { act, isPending } = useAct();
  async function remove(): Promise<void> {
    await act(() => api.delete(incidentPath(incidentId, "timeline", noteId)));
    setAsking(false);
  }
  return (
    <>
      <Button size="s" variant="quiet" onClick={() => setAsking(true)}>
        Delete
      </Button>
      <Dialog title="Delete this note?" isOpen={isAsking} onClose={() => setAsking(false)}>
        <p className="text-muted">Its text goes for everyone. That there was a note stays in the timeline.</p>
        <DialogActions>
          <Button onClick={() => setAsking(false)}>Keep it</Button>
          <Button variant="danger" isPending={isPending} onClick={remove}>
            Delete note
          </Button>
        </DialogActions>
      </Dialog>
    </>
  );
}
