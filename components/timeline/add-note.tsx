"use client";

import { type FormEvent, type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useNoteCommands } from "#/components/commands/use-note-commands.tsx";
import { useAttachToField } from "#/components/files/use-attach.tsx";
import { SaveStatus } from "#/components/realtime/documents/save-status.tsx";
import { useMe } from "#/components/realtime/room/room-provider.tsx";
import { Button } from "#/components/ui/button.tsx";
import { NOTE_BYTES_MAX } from "#/server/timeline/shared/lists.ts";
import { readDraft, writeDraft } from "./note-draft.ts";

type Props = {
  incidentId: string;
  /** False until the shared notes are open, and for good when the server closed them. */
  isReady: boolean;
  onAdd: (body: string) => void;
};

/** Where notes and commands begin. Enter makes a new line, or runs a command; Ctrl or Cmd with Enter, or the button, adds the note. */
export function AddNote({ incidentId, isReady, onAdd }: Props) {
  const { canWrite } = useMe();
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [body, setBody] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  // A draft outlives a reload, and words outlive the moment before the page is live: at 3 a.m. nobody writes them twice.
  useEffect(() => setBody((typed) => typed || field.current?.value || readDraft(incidentId)), [incidentId]);

  function change(next: string): void {
    setBody(next);
    setProblem(null);
    writeDraft(incidentId, next);
  }
  const attach = useAttachToField({ incidentId, field, body, onChange: change });
  const commands = useNoteCommands({ field, text: body, onChange: change });
  function add(): void {
    const text = commands.take()?.trim() ?? "";
    if (text === "") return;
    if (new TextEncoder().encode(text).length > NOTE_BYTES_MAX) {
      setProblem("A note holds at most 64 KiB. Attach the log, or split it.");
      return;
    }
    if (!isReady) {
      setProblem("Notes are not open yet. Your text stays here; try again in a moment.");
      return;
    }
    onAdd(text);
    change("");
    field.current?.focus();
  }
  function submit(event: FormEvent): void {
    event.preventDefault();
    add();
  }
  function press(event: KeyboardEvent): void {
    if (commands.press(event)) return;
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    add();
  }

  if (!canWrite) {
    return (
      <p className="flex items-center justify-between text-s text-muted">
        You can read this room. <SaveStatus />
      </p>
    );
  }
  return (
    <form
      onSubmit={submit}
      {...attach.zone}
      className="relative rounded-md border border-line-strong bg-panel px-3 py-2 has-[textarea:focus-visible]:outline-2 has-[textarea:focus-visible]:outline-offset-2 has-[textarea:focus-visible]:outline-focus"
    >
      {commands.list}
      <textarea
        {...commands.fieldProps}
        ref={field}
        aria-label="Add a note"
        aria-describedby={`${id}-hint`}
        placeholder="Add a note, or / for a command"
        rows={1}
        value={body}
        onChange={(event) => change(event.target.value)}
        onKeyDown={press}
        className="field-sizing-content block max-h-[30vh] min-h-7 w-full resize-none bg-transparent py-0.5 outline-none"
      />
      {attach.list}
      {commands.problem}
      {problem && (
        <p role="alert" className="text-s text-bad">
          ! {problem}
        </p>
      )}
      <div className="flex items-center gap-3">
        <span id={`${id}-hint`} className="truncate text-xs text-faint max-[900px]:hidden">
          Markdown, @ for people. Ctrl or ⌘ with Enter adds it
        </span>
        {attach.button}
        <span className="ml-auto shrink-0 text-xs">
          <SaveStatus />
        </span>
        <Button type="submit" size="s" className="max-[900px]:min-h-11" disabled={body.trim() === ""}>
          Add
        </Button>
      </div>
    </form>
  );
}
