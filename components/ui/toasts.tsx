"use client";

import { useSyncExternalStore } from "react";
import { Button, IconButton } from "./button.tsx";
import { cx } from "./cx.ts";

type Act = { label: string; run: () => void };
type Toast = { id: number; text: string; tone: "ok" | "bad"; act?: Act | undefined };

/** Long enough to read a sentence twice. Bad news stays until it is closed. */
const SHOWN_MS = 6_000;
/** With something to press there has to be time to get there. */
const SHOWN_WITH_ACT_MS = 12_000;
const none: readonly Toast[] = [];
let toasts: readonly Toast[] = none;
let lastId = 0;
const listeners = new Set<() => void>();

function change(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

function dismiss(id: number): void {
  change(toasts.filter((each) => each.id !== id));
}

/** Says in passing that something happened, and offers one act, as Undo; read out politely. */
export function toast(text: string, tone: Toast["tone"] = "ok", act?: Act): void {
  lastId += 1;
  const id = lastId;
  change([...toasts.slice(-3), { id, text, tone, act }]);
  if (tone === "ok") setTimeout(() => dismissUnused(id), act ? SHOWN_WITH_ACT_MS : SHOWN_MS);
}

/** Lets a message go, but not from under the pointer or the focus that is on it. */
function dismissUnused(id: number): void {
  const element = document.getElementById(`toast-${id}`);
  if (element?.matches(":hover, :focus-within")) setTimeout(() => dismissUnused(id), SHOWN_MS);
  else dismiss(id);
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function ActButton({ id, act }: { id: number; act: Act }) {
  function press(): void {
    dismiss(id);
    act.run();
  }
  return (
    <Button size="s" onClick={press} className="max-md:min-h-11">
      {act.label}
    </Button>
  );
}

/** Where toasts appear; once a page. */
export function Toasts() {
  const shown = useSyncExternalStore(
    listen,
    () => toasts,
    () => none,
  );
  return (
    <div
      aria-live="polite"
      className="pointer-events-none fixed right-4 bottom-4 z-50 flex max-w-sm flex-col gap-2 max-md:top-30 max-md:bottom-auto max-md:left-4"
    >
      {shown.map((each) => (
        <div
          key={each.id}
          id={`toast-${each.id}`}
          className="pointer-events-auto flex items-center gap-2 rounded-md border border-line-strong bg-panel py-1 pr-1 pl-3 text-s shadow-lg"
        >
          <b aria-hidden="true" className={cx(each.tone === "ok" ? "text-ok" : "text-bad")}>
            {each.tone === "ok" ? "✓" : "!"}
          </b>
          <span className="grow">{each.text}</span>
          {each.act && <ActButton id={each.id} act={each.act} />}
          <IconButton label="Close message" onClick={() => dismiss(each.id)}>
            ✕
          </IconButton>
        </div>
      ))}
    </div>
  );
}
