"use client";

import { type FormEvent, type KeyboardEvent, useState } from "react";
import { problemText } from "#/components/api/client.ts";
import { useSubmit } from "#/components/api/use-submit.ts";
import { Button } from "#/components/ui/button.tsx";
import { cx } from "#/components/ui/cx.ts";
import { TextArea, TextField } from "#/components/ui/field.tsx";

type Props = {
  /** Names the field: `Impact`. */
  label: string;
  value: string;
  placeholder: string;
  onSave: (value: string) => Promise<unknown>;
  lengthMax: number;
  canEdit: boolean;
  /** One line: Enter saves. Else Ctrl or Cmd with Enter does. */
  isLine?: boolean;
  isRequired?: boolean;
  /** Its text says what it is, as a title does: the label is not read before it. */
  isNamedByText?: boolean;
  className?: string;
};

/** Text that turns into a field where it stands. Esc gives up; what others write meanwhile is kept until one saves. */
export function EditableText({ label, value, placeholder, canEdit, className, isNamedByText, ...form }: Props) {
  const [isEditing, setEditing] = useState(false);
  const shown = value || placeholder;
  const look = cx("whitespace-pre-wrap wrap-anywhere", !value && "text-faint", className);
  if (isEditing) return <Editing label={label} value={value} {...form} onEnd={() => setEditing(false)} />;
  if (!canEdit) return <span className={look}>{value || "–"}</span>;
  return (
    <button
      type="button"
      title={isNamedByText ? value : `Edit ${label.toLowerCase()}`}
      onClick={() => setEditing(true)}
      className={cx(
        "-mx-1 min-w-0 rounded-sm px-1 text-left hover:bg-raised focus-visible:bg-raised max-[900px]:min-h-11",
        look,
      )}
    >
      {!isNamedByText && <span className="sr-only">{label}: </span>}
      {shown}
    </button>
  );
}

type EditingProps = Pick<Props, "label" | "value" | "onSave" | "lengthMax" | "isLine" | "isRequired"> & {
  onEnd: () => void;
};

function Editing({ label, value, onSave, lengthMax, isLine = false, isRequired = false, onEnd }: EditingProps) {
  const [draft, setDraft] = useState(value);
  const { run, isPending, problem } = useSubmit(async () => {
    const next = draft.trim();
    if (isRequired && next === "") return;
    if (next !== value) await onSave(next);
    onEnd();
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    void run();
  }
  function press(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      event.stopPropagation();
      onEnd();
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void run();
    }
  }
  const field = {
    label,
    isLabelHidden: true,
    value: draft,
    maxLength: lengthMax,
    autoFocus: true,
    required: isRequired,
    error: problem ? problemText(problem) : undefined,
    onKeyDown: press,
  };
  return (
    <form onSubmit={submit} className="flex min-w-0 grow flex-col gap-2">
      {isLine ? (
        <TextField {...field} onChange={(event) => setDraft(event.target.value)} />
      ) : (
        <TextArea {...field} onChange={(event) => setDraft(event.target.value)} />
      )}
      <div className="flex gap-2">
        <Button type="submit" size="s" isPending={isPending}>
          Save
        </Button>
        <Button size="s" variant="quiet" onClick={onEnd}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
