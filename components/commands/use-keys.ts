"use client";

import { useEffect, useRef } from "react";
import { type KeyAct, type KeyArea, meaningOf } from "./key-table.ts";
import { areSingleKeysOn } from "./single-keys.ts";

/** The second key of a sequence comes within this, or the first is forgotten. */
const SEQUENCE_MS = 1_500;
const typing = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true]";
/** These take letters themselves. */
const taking = "[role=menu], [role=listbox]";

/** True on a Mac, where commands are given with ⌘. Browser only. */
export function isMac(): boolean {
  return /mac|iphone|ipad/i.test(navigator.platform);
}

function isPalette(event: KeyboardEvent): boolean {
  const hasMod = isMac() ? event.metaKey && !event.ctrlKey : event.ctrlKey && !event.metaKey;
  return hasMod && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k";
}

/** Single keys are for a page on which nothing else waits for them. */
export function isFreeForKeys(event: KeyboardEvent): boolean {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  if (!areSingleKeysOn() || document.querySelector("dialog[open]")) return false;
  return !(event.target instanceof Element && event.target.closest(`${typing}, ${taking}`));
}

/** Listens to the keys of the table. ⌘K is heard everywhere; single keys only when no field has focus. */
export function useKeys(isRoom: boolean, onAct: (act: KeyAct) => void): void {
  const handler = useRef(onAct);
  useEffect(() => {
    handler.current = onAct;
  });
  useEffect(() => {
    const areas: KeyArea[] = isRoom ? ["Everywhere", "Room"] : ["Everywhere"];
    let before: { key: string; atMs: number } | null = null;
    // While capturing: editors inside the page know ⌘K, too.
    const pressAny = (event: KeyboardEvent) => {
      if (!isPalette(event)) return;
      const dialog = document.querySelector("dialog[open]");
      // Over another dialog nothing opens: what is asked there comes first.
      if (dialog && !dialog.matches("[data-palette]")) return;
      event.preventDefault();
      event.stopPropagation();
      handler.current({ kind: "palette" });
    };
    const pressSingle = (event: KeyboardEvent) => {
      if (!isFreeForKeys(event)) return;
      const first = before && event.timeStamp - before.atMs < SEQUENCE_MS ? before.key : null;
      before = null;
      const meaning = meaningOf(event.key, first, areas) ?? (first ? meaningOf(event.key, null, areas) : null);
      if (!meaning) return;
      event.preventDefault();
      if ("waitsFor" in meaning) before = { key: meaning.waitsFor, atMs: event.timeStamp };
      else handler.current(meaning.act);
    };
    window.addEventListener("keydown", pressAny, true);
    window.addEventListener("keydown", pressSingle);
    return () => {
      window.removeEventListener("keydown", pressAny, true);
      window.removeEventListener("keydown", pressSingle);
    };
  }, [isRoom]);
}
