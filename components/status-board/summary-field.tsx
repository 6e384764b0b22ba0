"use client";

import { useState } from "react";
import { useSharedDocument } from "#/components/realtime/documents/use-shared-document.ts";
import { useMe } from "#/components/realtime/room/room-provider.tsx";
import { colourOf, useTextOf, useWriters, writersText } from "#/components/realtime/room/shared-text.ts";
import { TextEditor } from "#/components/realtime/room/text-editor.tsx";
import { Button } from "#/components/ui/button.tsx";
import { cx } from "#/components/ui/cx.ts";
import { InlineMarks } from "./inline-marks.tsx";

type Props = {
  incidentId: string;
  /** What the server rendered, until the shared text is here. */
  summary: string;
};

/** The summary, written by everyone at once. It is text until somebody presses it; then the editor is loaded. */
export function SummaryField({ incidentId, summary }: Props) {
  const { canWrite } = useMe();
  const document = useSharedDocument(`incidents/${incidentId}/summary`);
  const [isOpen, setOpen] = useState(false);
  const text = document?.doc.getText("text") ?? null;
  const live = useTextOf(text);
  const writers = useWriters(document?.awareness ?? null).get("text") ?? [];
  const shown = document?.isSynced ? live : summary;
  const canOpen = canWrite && document?.isSynced === true && document.canWrite !== false;
  return (
    <div
      className="rounded-md border border-line bg-panel p-3 has-[.cm-focused]:border-accent"
      {...(writers[0] && { style: { borderColor: colourOf(writers[0]) } })}
    >
      {isOpen && document && text ? (
        <>
          <TextEditor
            text={text}
            awareness={document.awareness}
            label="Summary"
            placeholder="What is broken, since when, what is being done"
            hasFocus
            onLeave={() => setOpen(false)}
            onSubmit={() => setOpen(false)}
          />
          <div className="mt-1 -mb-1 flex justify-end">
            <Button size="s" variant="quiet" onClick={() => setOpen(false)}>
              Done
            </Button>
          </div>
        </>
      ) : (
        <SummaryText text={shown} canWrite={canWrite} canOpen={canOpen} onOpen={() => setOpen(true)} />
      )}
      {writers[0] && (
        <p className="mt-1 text-xs" style={{ color: colourOf(writers[0]) }}>
          {writersText(writers)}
        </p>
      )}
    </div>
  );
}

type TextProps = { text: string; canWrite: boolean; canOpen: boolean; onOpen: () => void };

function SummaryText({ text, canWrite, canOpen, onOpen }: TextProps) {
  const look = cx("block w-full text-left whitespace-pre-wrap wrap-anywhere", !text && "text-faint");
  const shown = text || (canWrite ? "What is broken, since when, what is being done" : "No summary yet");
  if (!canOpen)
    return (
      <p className={look}>
        <InlineMarks text={shown} />
      </p>
    );
  return (
    <button type="button" title="Edit summary" onClick={onOpen} className={look}>
      <span className="sr-only">Summary: </span>
      <InlineMarks text={shown} />
    </button>
  );
}
