"use client";

import { useEffect, useState } from "react";
import type { Center } from "./command-center.tsx";
import type { Option } from "./palette-options.ts";
import type { Suggestions } from "./suggest.ts";

type Loaded = typeof import("./note-engine.ts");
export type Engine = Pick<Loaded, "suggest" | "OptionList" | "optionId" | "knownDirectory" | "undoable">;

/** Loads what the field needs when it is first used, and the people and services that it can name. */
function useEngine(isWanted: boolean): Engine | null {
  const [engine, setEngine] = useState<Engine | null>(null);
  const [, setRead] = useState(0);
  useEffect(() => {
    if (!isWanted) return;
    let isGone = false;
    import("./note-engine.ts")
      .then(({ suggest, OptionList, optionId, knownDirectory, undoable, readDirectory }) => {
        if (isGone) return;
        setEngine({ suggest, OptionList, optionId, knownDirectory, undoable });
        return readDirectory().then(() => !isGone && setRead((count) => count + 1));
      })
      // Without them names have to be written in full; the next use asks again.
      .catch(() => undefined);
    return () => {
      isGone = true;
    };
  }, [isWanted]);
  return engine;
}

type Props = { center: Center | null; text: string; caret: number; isUsed: boolean };
export type OpenList = {
  engine: Engine | null;
  /** What is suggested now, unless it was closed. */
  open: Suggestions | null;
  options: readonly Option[];
  /** The marked option, or -1. */
  active: number;
  move: (by: 1 | -1) => void;
  close: () => void;
};

/** The list over the note field: what is in it, what is marked, and whether Esc closed it. */
export function useSuggestions({ center, text, caret, isUsed }: Props): OpenList {
  const engine = useEngine(isUsed);
  const [closedKey, setClosedKey] = useState<string | null>(null);
  const [moved, setMoved] = useState<{ of: string; at: number } | null>(null);
  const found =
    engine && center && isUsed
      ? engine.suggest(text, Math.min(caret, text.length), {
          ...center.world(),
          ...engine.knownDirectory(),
          undoable: engine.undoable(),
        })
      : null;
  const key = found?.key ?? null;
  // What was closed stays closed while the same thing is typed, and no longer.
  if (closedKey !== null && closedKey !== key) setClosedKey(null);
  const open = key === closedKey ? null : found;
  const options = open?.groups.flatMap((group) => group.options) ?? [];
  const of = `${key} ${text}`;
  const active = Math.min(moved?.of === of ? moved.at : (open?.marked ?? -1), options.length - 1);
  return {
    engine,
    open,
    options,
    active,
    move: (by) => {
      const from = Math.max(active, by > 0 ? -1 : 0);
      setMoved({ of, at: (from + by + options.length) % options.length });
    },
    close: () => setClosedKey(key),
  };
}
