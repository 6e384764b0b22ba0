"use client";

import { type FormEvent, useState } from "react";
import { api } from "#/components/api/client.ts";
import { incidentPath } from "#/components/room/incident-path.ts";
import { useAct } from "#/components/room/use-act.ts";
import { Button } from "#/components/ui/button.tsx";
import { CopyField } from "#/components/ui/copy-field.tsx";
import { Dialog, DialogActions } from "#/components/ui/dialog.tsx";
import { TextField } from "#/components/ui/field.tsx";
import { onDemand } from "#/components/ui/on-demand.tsx";
import { Time } from "#/components/ui/time.tsx";
import type { TimelineEntryView } from "#/server/timeline/contract.ts";

/** Comparing texts is for those who ask for it: it comes when it is opened. */
const NoteHistory = onDemand(async () => (await import("./note-history.tsx")).NoteHistory);

/** What is asked before, or shown beside, an act on an entry. */
export type EntryQuestion =
  | { kind: "delete" | "time" | "history"; entry: TimelineEntryView }
  | { kind: "link"; url: string };

type Props = { incidentId: string; question: EntryQuestion; onClose: () => void };

/** The one dialog of the timeline. */
export function EntryDialogs({ incidentId, question, onClose }: Props) {
  switch (question.kind) {
    case "delete":
      return <DeleteNote incidentId={incidentId} entry={question.entry} onClose={onClose} />;
    case "time":
      return <CorrectTime incidentId={incidentId} entry={question.entry} onClose={onClose} />;
    case "history":
      return <NoteHistory incidentId={incidentId} entry={question.entry} onClose={onClose} />;
    default:
      return (
        <Dialog title="Link to this entry" isOpen onClose={onClose}>
          <CopyField label="Link" value={question.url} />
        </Dialog>
      );
  }
}

type EntryProps = { incidentId: string; entry: TimelineEntryView; onClose: () => void };

function DeleteNote({ incidentId, entry, onClose }: EntryProps) {
  const { act, isPending } = useAct();
  async function remove(): Promise<void> {
    await act(() => api.delete(incidentPath(incidentId, "timeline", entry.id)));
    onClose();
  }
  return (
    <Dialog title="Delete this note?" isOpen onClose={onClose}>
      <p className="text-muted">Its text goes for everyone. That there was a note stays in the timeline.</p>
      <DialogActions>
        <Button onClick={onClose}>Keep it</Button>
        <Button variant="danger" isPending={isPending} onClick={remove}>
          Delete note
        </Button>
      </DialogActions>
    </Dialog>
  );
}

/** An instant as the field wants it, in UTC. */
const asField = (at: string) => new Date(at).toISOString().slice(0, 19);

function CorrectTime({ incidentId, entry, onClose }: EntryProps) {
  const { act, isPending } = useAct();
  const [at, setAt] = useState(asField(entry.at));
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const change = { at: new Date(`${at}Z`).toISOString() };
    if (await act(() => api.patch(incidentPath(incidentId, "timeline", entry.id), change))) onClose();
  }
  return (
    <Dialog title="When did it happen?" isOpen onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField
          label="Time (UTC)"
          type="datetime-local"
          step={1}
          required
          value={at}
          onChange={(event) => setAt(event.currentTarget.value)}
        />
        <p className="text-s text-muted">
          It was written down at <Time at={entry.recordedAt} format="day-time" />, which stays in the record.
        </p>
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" isPending={isPending}>
            Correct time
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
