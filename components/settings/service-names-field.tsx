"use client";

import { useEffect, useId, useState } from "react";
import { readDirectory } from "#/components/commands/directory.ts";
import { Chip } from "#/components/status-board/services-field.tsx";
import { TextField } from "#/components/ui/field.tsx";
import { SERVICE_NAME_LENGTH_MAX } from "#/server/services/shared/lists.ts";

/** The names of all services but the one left out, for suggestions; none until they are read. */
export function useServiceNames(leftOut?: string): readonly string[] {
  const [names, setNames] = useState<readonly string[]>([]);
  useEffect(() => {
    let isGone = false;
    readDirectory()
      .then(({ services }) => !isGone && setNames(services.map((each) => each.name).filter((each) => each !== leftOut)))
      // Names can be typed without suggestions.
      .catch(() => undefined);
    return () => {
      isGone = true;
    };
  }, [leftOut]);
  return names;
}

type Props = {
  label: string;
  /** Each name is a value of this field. */
  name: string;
  initial?: readonly string[] | undefined;
  /** A service that is not suggested. */
  leftOut?: string | undefined;
  max: number;
  hint: string;
  error: string | undefined;
};

/** Several services by name: typed or chosen from those there are. */
export function ServiceNamesField({ label, name: field, initial = [], leftOut, max, hint, error }: Props) {
  const listId = useId();
  const [names, setNames] = useState<readonly string[]>(initial);
  const [text, setText] = useState("");
  const others = useServiceNames(leftOut);
  const has = (name: string) => names.some((each) => each.toLowerCase() === name.toLowerCase());
  function add(name: string): void {
    if (name && !has(name)) setNames([...names, name]);
    setText("");
  }
  return (
    <div className="flex flex-col gap-2">
      <TextField
        label={label}
        list={listId}
        value={text}
        onChange={(event) => {
          const name = event.target.value;
          // What is chosen from the list is whole; what is typed may go on.
          if (others.includes(name) && !(event.nativeEvent as InputEvent).data) add(name);
          else setText(name);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || text.trim() === "") return;
          event.preventDefault();
          add(text.trim());
        }}
        onBlur={() => add(text.trim())}
        hint={hint}
        maxLength={SERVICE_NAME_LENGTH_MAX}
        disabled={names.length >= max}
        error={error}
      />
      <datalist id={listId}>
        {others
          .filter((name) => !has(name))
          .map((name) => (
            <option key={name} value={name} />
          ))}
      </datalist>
      {names.length > 0 && (
        <ul aria-label={label} className="flex flex-wrap gap-1">
          {names.map((name) => (
            <li key={name} className="max-w-full">
              <input type="hidden" name={field} value={name} />
              <Chip label={name} onRemove={() => setNames(names.filter((each) => each !== name))} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
