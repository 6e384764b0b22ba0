"use client";

import { useEffect } from "react";
import type { Awareness } from "y-protocols/awareness";
import type * as Y from "yjs";
import { useAttachToText } from "#/components/files/use-attach.tsx";
import { useIncidentId } from "#/components/realtime/room/room-provider.tsx";
import { TextEditor } from "#/components/realtime/room/text-editor.tsx";
import { Button } from "#/components/ui/button.tsx";

type Props = { noteId: string; text: Y.Text; awareness: Awareness; onDone: () => void };

/** A note open for writing. What is typed is everyone's at once; there is nothing to save or to throw away. */
export function NoteEditor({ noteId, text, awareness, onDone }: Props) {
  const attach = useAttachToText(useIncidentId(), text);
  useEffect(() => {
    awareness.setLocalStateField("editing", noteId);
    return () => awareness.setLocalStateField("editing", null);
  }, [awareness, noteId]);
  return (
    <>
      <TextEditor
        text={text}
        awareness={awareness}
        label="Note"
        hasFocus
        onLeave={onDone}
        onSubmit={onDone}
        onTransfer={attach.onTransfer}
      />
      {attach.list}
      <div className="mt-1 flex justify-end gap-2">
        {attach.button}
        <Button size="s" variant="quiet" onClick={onDone}>
          Done
        </Button>
      </div>
    </>
  );
}
