"use client";

import { useEffect } from "react";
import type { Awareness } from "y-protocols/awareness";
import type * as Y from "yjs";
import { TextEditor } from "#/components/realtime/room/text-editor.tsx";
import { Button } from "#/components/ui/button.tsx";

type Props = { noteId: string; text: Y.Text; awareness: Awareness; onDone: () => void };

/** A note open for writing. What is typed is everyone's at once; there is nothing to save or to throw away. */
export function NoteEditor({ noteId, text, awareness, onDone }: Props) {
  useEffect(() => {
    awareness.setLocalStateField("editing", noteId);
    return () => awareness.setLocalStateField("editing", null);
  }, [awareness, noteId]);
  return (
    <>
      <TextEditor text={text} awareness={awareness} label="Note" hasFocus onLeave={onDone} onSubmit={onDone} />
      <div className="mt-1 flex justify-end">
        <Button size="s" variant="quiet" onClick={onDone}>
          Done
        </Button>
      </div>
    </>
  );
}
