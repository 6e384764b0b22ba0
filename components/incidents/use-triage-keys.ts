"use client";

import { type RefObject, useEffect, useRef } from "react";
import { isFreeForKeys } from "#/components/commands/use-keys.ts";

/** Which of a list of `count` a key leads to, from the one with focus (-1: none), or from where it last was. Pure. */
export function nextIndex(key: string, focused: number, last: number, count: number): number | null {
  if (count === 0 || (key !== "j" && key !== "k")) return null;
  // What had focus was decided and is gone: the one that came into its place is next.
  if (focused < 0) return Math.min(last, count - 1);
  return Math.min(Math.max(focused + (key === "j" ? 1 : -1), 0), count - 1);
}

/** J and K move through the triage incidents of a page; each card takes A, M and D itself while it has focus. */
export function useTriageKeys(list: RefObject<HTMLElement | null>): void {
  useListKeys(list, ":scope > article");
}

/** J and K move the focus through a list; `items` selects what takes it. */
export function useListKeys(list: RefObject<HTMLElement | null>, items: string): void {
  const last = useRef(0);
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!list.current || !isFreeForKeys(event)) return;
      const cards = [...list.current.querySelectorAll<HTMLElement>(items)];
      const focused = cards.findIndex((card) => card.contains(document.activeElement));
      const next = nextIndex(event.key, focused, last.current, cards.length);
      if (next === null) return;
      event.preventDefault();
      last.current = next;
      cards[next]?.focus();
      cards[next]?.scrollIntoView({ block: "nearest" });
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [list, items]);
}

/** M and D decide about the incident of this page, in triage. */
export function useDecisionKeys(isOn: boolean, onDecide: (decision: "merge" | "decline") => void): void {
  const decide = useRef(onDecide);
  useEffect(() => {
    decide.current = onDecide;
  });
  useEffect(() => {
    if (!isOn) return;
    const press = (event: KeyboardEvent) => {
      const decision = { m: "merge", d: "decline" }[event.key] as "merge" | "decline" | undefined;
      if (!decision || !isFreeForKeys(event)) return;
      event.preventDefault();
      decide.current(decision);
    };
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [isOn]);
}
