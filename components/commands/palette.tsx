"use client";

import { useEffect, useState } from "react";
import { problemText } from "#/components/api/client.ts";
import type { Command, World } from "./command.ts";
import type { Center } from "./command-center.tsx";
import { commandOf } from "./commands.ts";
import { knownDirectory, readDirectory } from "./directory.ts";
import { PaletteFrame } from "./palette-frame.tsx";
import { commandGroups, completionGroup, firstMarked, type Group, hitGroup, type Option } from "./palette-options.ts";
import { takeTyped } from "./palette-soon.tsx";
import { noteUse, recentCommands } from "./recent.ts";
import { runPlan, undoable } from "./run-plan.ts";
import { useSearch } from "./use-search.ts";

type Props = {
  center: Center;
  /** Begins at the question of this command. */
  commandId?: string | undefined;
  onClose: () => void;
};

/** What commands can name; read when the palette opens. */
function useDirectory() {
  const [directory, setDirectory] = useState(knownDirectory);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    let isGone = false;
    readDirectory().then(
      (read) => !isGone && setDirectory(read),
      (error: unknown) => !isGone && setProblem(problemText(error)),
    );
    return () => {
      isGone = true;
    };
  }, []);
  return { directory, problem };
}

/** What the palette holds and what its acts do; how it looks is the frame's. */
function usePalette({ center, commandId, onClose }: Props) {
  const { directory, problem: directoryProblem } = useDirectory();
  const world: World = { ...center.world(), ...directory, undoable: undoable() };
  const [recent] = useState(recentCommands);
  const [command, setCommand] = useState<Command | null>(() => (commandId ? commandOf(commandId, world) : null));
  const [query, setQuery] = useState(takeTyped);
  const [moved, setMoved] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [isRunning, setRunning] = useState(false);
  const search = useSearch(command ? "" : query);
  const groups: Group[] = command
    ? completionGroup(command, query, world)
    : [...commandGroups(query, world, recent), ...hitGroup(search.hits)];
  const options = groups.flatMap((group) => group.options);
  const active = Math.min(moved ?? firstMarked(groups, command, query, world), options.length - 1);

  function change(next: string): void {
    setQuery(next);
    setMoved(null);
    setProblem(null);
  }
  async function run(chosen: Command, argument: string): Promise<void> {
    if (isRunning) return;
    const plan = chosen.plan(argument.trim(), world);
    // What opens something else opens when this is gone: focus goes back first, and on from there.
    const isLeaving = plan.kind === "show" || plan.kind === "keys";
    noteUse(chosen.id);
    if (isLeaving) onClose();
    setRunning(true);
    const failed = await runPlan(plan, center.acts);
    setRunning(false);
    if (failed) setProblem(failed);
    else if (!isLeaving) onClose();
  }
  function ask(chosen: Command | null): void {
    setCommand(chosen);
    change("");
  }
  return {
    shown: { command, query, groups, active, isBusy: isRunning || search.isSearching },
    problem: problem ?? (command ? directoryProblem : search.problem),
    options,
    world,
    change,
    run,
    ask,
    move(by: 1 | -1): void {
      const from = Math.max(active, by > 0 ? -1 : 0);
      if (options.length > 0) setMoved((from + by + options.length) % options.length);
    },
  };
}

/** Search and all commands: chosen by a few letters; one that needs a value asks for it in the same place. */
export function Palette(props: Props) {
  const { center, commandId, onClose } = props;
  const { shown, problem, options, world, change, run, ask, move } = usePalette(props);
  const { command, query, active } = shown;

  function chooseCommand(chosen: Command): void {
    // What a dialog asks anyway is not asked here first.
    const isAsked = chosen.argument !== undefined && chosen.plan("", world).kind !== "show";
    if (isAsked) ask(chosen);
    else void run(chosen, "");
  }
  function choose({ choice }: Option): void {
    if (choice.kind === "command") chooseCommand(choice.command);
    else if (choice.kind === "go") {
      center.acts.go(choice.href);
      onClose();
    } else if (command && choice.completion.isWhole) void run(command, choice.completion.text);
    else change(`${choice.completion.text} `);
  }
  function submit(): void {
    const option = options[active];
    if (option) choose(option);
    else if (command) void run(command, query);
  }
  function complete(): void {
    const choice = options[Math.max(active, 0)]?.choice;
    if (choice?.kind === "completion") change(`${choice.completion.text} `);
  }
  return (
    <PaletteFrame
      {...shown}
      problem={problem}
      onChange={change}
      onMove={move}
      onChoose={choose}
      onSubmit={submit}
      onComplete={complete}
      onBack={command && !commandId ? () => ask(null) : onClose}
      onClose={onClose}
    />
  );
}
