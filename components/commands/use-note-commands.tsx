"use client";

import {
  type ComponentProps,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  type SyntheticEvent,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { Button } from "#/components/ui/button.tsx";
import { type Center, useCenter } from "./command-center.tsx";
import { asNote, parseLine } from "./parse-line.ts";
import { type OpenList, useSuggestions } from "./use-suggestions.ts";

type Props = { field: RefObject<HTMLTextAreaElement | null>; text: string; onChange: (text: string) => void };

export type NoteCommands = {
  /** For the field. */
  fieldProps: ComponentProps<"textarea">;
  /** True when the key was for the list or for a command. */
  press: (event: KeyboardEvent) => boolean;
  /** Reads the field: a note's own text, or null when it was a command, which then runs. */
  take: () => string | null;
  /** The list over the field, and what went wrong under it. */
  list: ReactNode;
  problem: ReactNode;
};

/** Runs a line; loads first what it needs. Answers with what went wrong, or null. */
async function runLine(line: string, center: Center): Promise<string | null> {
  const parsed = parseLine(line);
  if (parsed.kind !== "command") return null;
  try {
    const engine = await import("./note-engine.ts");
    const directory = await engine.readDirectory().catch(() => engine.knownDirectory());
    const world = { ...center.world(), ...directory, undoable: engine.undoable() };
    return await engine.runPlan(engine.planOfLine(parsed.name, parsed.argument, world), center.acts);
  } catch {
    return "The command could not be loaded. Your text stays here; try again in a moment.";
  }
}

/** Where the caret is, and where it goes when the text was changed for somebody. */
function useCaret(field: Props["field"]) {
  const [caret, setCaret] = useState(0);
  const wanted = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    field.current?.setSelectionRange(wanted.current, wanted.current);
    wanted.current = null;
  });
  const follow = (event: SyntheticEvent<HTMLTextAreaElement>) => setCaret(event.currentTarget.selectionStart);
  const put = (at: number) => {
    wanted.current = at;
    setCaret(at);
  };
  return { caret, follow, put };
}

/** Commands and names in the note field: a list while they are typed, and the way to run a line. */
export function useNoteCommands({ field, text, onChange }: Props): NoteCommands {
  const center = useCenter();
  const [isUsed, setUsed] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const isRunning = useRef(false);
  const caret = useCaret(field);
  const list = useSuggestions({ center, text, caret: caret.caret, isUsed });
  const listId = useId();
  const { engine, open, options, active } = list;

  function put(next: { text: string; caret: number }): void {
    caret.put(next.caret);
    setProblem(null);
    onChange(next.text);
    field.current?.focus();
  }
  useBegin(center, (begin) => {
    field.current?.focus();
    if (begin && field.current?.value === "") put({ text: begin, caret: begin.length });
  });
  async function run(line: string): Promise<void> {
    if (isRunning.current || !center) return;
    isRunning.current = true;
    setProblem(null);
    const failed = await runLine(line, center);
    isRunning.current = false;
    setProblem(failed);
    // What was typed goes only when it was done.
    if (!failed) onChange("");
  }
  function choose(at: number, mayRun: boolean): void {
    const option = options[at];
    if (!open || !option) return;
    const line = mayRun ? open.lineOf(option) : null;
    if (line) void run(line);
    else put(open.take(option));
  }
  return {
    fieldProps: {
      onFocus: () => setUsed(true),
      onSelect: caret.follow,
      onInput: (event) => {
        caret.follow(event);
        setProblem(null);
      },
      "aria-autocomplete": "list",
      "aria-haspopup": "listbox",
      ...(open && { "aria-controls": listId }),
      ...(open && engine && active >= 0 && { "aria-activedescendant": engine.optionId(listId, active) }),
    },
    press(event) {
      if (
        !isForCommands(event, list, {
          choose,
          run: () => void run(text),
          leave: () => field.current?.blur(),
          isCommand: isCommand(text),
        })
      )
        return false;
      event.preventDefault();
      event.stopPropagation();
      return true;
    },
    take() {
      const line = parseLine(text.trim());
      if (line.kind === "note") return line.body;
      void run(text.trim());
      return null;
    },
    list: <NoteList id={listId} list={list} onChoose={(at) => choose(at, true)} />,
    problem: problem && <NoteProblem problem={problem} onKeep={() => put(atEnd(asNote(text)))} />,
  };
}

function atEnd(text: string) {
  return { text, caret: text.length };
}

function isCommand(text: string): boolean {
  return parseLine(text).kind === "command";
}

/** Lets the page begin a note: it gives the field the focus, with a text when the field is empty. */
function useBegin(center: Center | null, begin: (text?: string) => void): void {
  const handler = useRef(begin);
  useEffect(() => {
    handler.current = begin;
  });
  useEffect(() => center?.lendNoteField((text) => handler.current(text)), [center]);
}

type KeyActs = {
  choose: (at: number, mayRun: boolean) => void;
  run: () => void;
  leave: () => void;
  isCommand: boolean;
};

/** Does what a key means to the list or to a command; false when it means nothing to them. */
function isForCommands(event: KeyboardEvent, { open, active, move, close }: OpenList, acts: KeyActs): boolean {
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
  if (event.nativeEvent.isComposing || !isPlain) return false;
  if (event.key === "Enter" && active >= 0) acts.choose(active, true);
  else if (event.key === "Enter" && acts.isCommand) acts.run();
  else if (!open && event.key === "Escape") acts.leave();
  else if (!open) return false;
  else if (event.key === "ArrowDown") move(1);
  else if (event.key === "ArrowUp") move(-1);
  else if (event.key === "Tab") acts.choose(Math.max(active, 0), false);
  else if (event.key === "Escape") close();
  else return false;
  return true;
}

function NoteList({ id, list, onChoose }: { id: string; list: OpenList; onChoose: (at: number) => void }) {
  const { engine, open, options, active } = list;
  const List = engine?.OptionList;
  const count = open ? options.length : 0;
  return (
    <>
      {open && List && (
        <List
          id={id}
          label={open.label}
          isStop
          groups={open.groups}
          active={active}
          onChoose={(option) => onChoose(options.indexOf(option))}
          className="absolute inset-x-0 bottom-full z-30 mb-1 max-h-[min(40vh,380px)] rounded-md border border-line-strong bg-panel pb-1.5 shadow-lg"
        />
      )}
      <span aria-live="polite" className="sr-only">
        {count > 0 && `${count} ${count === 1 ? "suggestion" : "suggestions"}`}
      </span>
    </>
  );
}

function NoteProblem({ problem, onKeep }: { problem: string; onKeep: () => void }) {
  const couldBeNote = problem.includes("Begin with //");
  return (
    <div role="alert" className="flex flex-wrap items-center gap-x-3 gap-y-1 text-s text-bad">
      <span>! {problem}</span>
      {couldBeNote && (
        <Button size="s" variant="quiet" className="max-[900px]:min-h-11" onClick={onKeep}>
          Keep it as a note
        </Button>
      )}
    </div>
  );
}
