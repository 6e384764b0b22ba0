"use client";

import { type KeyboardEvent, type MouseEvent, useEffect, useId, useRef } from "react";
import { Button, IconButton } from "#/components/ui/button.tsx";
import { Spinner } from "#/components/ui/spinner.tsx";
import { PROSE_LENGTH_MAX } from "#/server/incidents/shared/lists.ts";
import type { Command } from "./command.ts";
import { OptionList, optionId } from "./option-list.tsx";
import type { Group, Option } from "./palette-options.ts";

/** As long as the longest argument, the word on what fixed it. */
const QUERY_LENGTH_MAX = PROSE_LENGTH_MAX;

type Props = {
  command: Command | null;
  query: string;
  groups: readonly Group[];
  active: number;
  problem: string | null;
  isBusy: boolean;
  onChange: (query: string) => void;
  onMove: (by: 1 | -1) => void;
  onChoose: (option: Option) => void;
  onSubmit: () => void;
  onComplete: () => void;
  /** Esc, or Backspace in an empty answer: one step back, from the first one out. */
  onBack: () => void;
  onClose: () => void;
};

/** Opens the dialog above everything; when it goes, focus returns to where it was. */
function useModal() {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    const cameFrom = document.activeElement;
    if (element && !element.open) element.showModal();
    return () => {
      element?.close();
      if (cameFrom instanceof HTMLElement && cameFrom.isConnected) cameFrom.focus();
    };
  }, []);
  return dialog;
}

/** The palette as it looks and as its keys work: a combobox over a listbox; on a phone it fills the screen. */
export function PaletteFrame(props: Props) {
  const { command, query, groups, active, problem, isBusy } = props;
  const dialog = useModal();
  const id = useId();
  const count = groups.reduce((sum, group) => sum + group.options.length, 0);
  function closeFromOutside(event: MouseEvent<HTMLDialogElement>): void {
    if (event.target === dialog.current) props.onClose();
  }
  const question = questionOf(command);
  return (
    <dialog
      ref={dialog}
      data-palette=""
      aria-label="Commands and search"
      onMouseDown={closeFromOutside}
      onCancel={(event) => {
        event.preventDefault();
        props.onBack();
      }}
      className="mx-auto mt-[12vh] mb-auto w-[calc(100vw-24px)] max-w-[600px] overflow-hidden rounded-lg border border-line-strong bg-panel p-0 text-text shadow-lg max-md:m-0 max-md:h-dvh max-md:max-h-none max-md:w-screen max-md:max-w-none max-md:rounded-none max-md:border-0"
    >
      <div className="flex max-h-[70vh] flex-col max-md:h-full max-md:max-h-none">
        <PaletteField {...props} id={id} count={count} />
        {command && <p className="px-3 pt-2 text-s text-muted">{question}</p>}
        {problem && (
          <p id={`${id}-problem`} role="alert" className="px-3 pt-2 text-s text-bad">
            ! {problem}
          </p>
        )}
        <OptionList
          id={`${id}-list`}
          label={command ? question : "Commands"}
          groups={groups}
          active={active}
          onChoose={props.onChoose}
          className="min-h-0 grow pb-2"
        />
        <Below command={command} query={query} count={count} isBusy={isBusy} />
      </div>
    </dialog>
  );
}

function questionOf(command: Command | null): string {
  return command?.argument?.question ?? "Search, or run a command";
}

/** The field at the palette's top, and the keys that it hears. */
function PaletteField({ id, count, ...props }: Props & { id: string; count: number }) {
  const { command, query, active, problem } = props;
  const input = useRef<HTMLInputElement>(null);
  const question = questionOf(command);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each question begins in the field.
  useEffect(() => input.current?.focus(), [command]);
  function press(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "ArrowDown") props.onMove(1);
    else if (event.key === "ArrowUp") props.onMove(-1);
    else if (event.key === "Tab" && !event.shiftKey && command && count > 0) props.onComplete();
    else if (event.key === "Backspace" && command && query === "") props.onBack();
    else return;
    event.preventDefault();
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        props.onSubmit();
      }}
      className="flex items-center gap-2 border-b border-line py-2 pr-2 pl-3 has-[input:focus-visible]:shadow-[inset_0_-2px_0_var(--focus)]"
    >
      {command && (
        <span className="shrink-0 rounded bg-raised px-1.5 py-0.5 text-s font-[550] max-md:max-w-[40%] max-md:truncate">
          {command.title}
        </span>
      )}
      <input
        ref={input}
        role="combobox"
        aria-label={question}
        aria-expanded={count > 0}
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        {...(problem && { "aria-describedby": `${id}-problem`, "aria-invalid": true })}
        {...(active >= 0 && { "aria-activedescendant": optionId(`${id}-list`, active) })}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        enterKeyHint="go"
        maxLength={QUERY_LENGTH_MAX}
        value={query}
        placeholder={command ? command.argument?.hint : question}
        onChange={(event) => props.onChange(event.target.value)}
        onKeyDown={press}
        className="min-h-9 min-w-0 grow bg-transparent text-[15px] outline-none max-md:min-h-11"
      />
      {props.isBusy && <Spinner />}
      {command && (
        <Button type="submit" size="s" variant="primary" className="max-md:min-h-11">
          Run
        </Button>
      )}
      <IconButton label="Close" onClick={props.onClose}>
        ✕
      </IconButton>
    </form>
  );
}

type BelowProps = { command: Command | null; query: string; count: number; isBusy: boolean };

/** How many there are, for ears; and for eyes that there is nothing, or what Enter does. */
function Below({ command, query, count, isBusy }: BelowProps) {
  const none = !command && count === 0 && !isBusy && `Nothing is called so: ${query}`;
  return (
    <>
      <p aria-live="polite" className={none ? "px-3 pb-3 text-s text-muted" : "sr-only"}>
        {none || (count > 0 ? `${count} ${count === 1 ? "suggestion" : "suggestions"}` : "")}
      </p>
      {command?.about && <p className="border-t border-line px-3 py-2 text-xs text-muted">{command.about}</p>}
    </>
  );
}
