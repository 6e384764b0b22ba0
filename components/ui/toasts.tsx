"use client";

import { useSyncExternalStore } from "react";
import { IconButton } from "./button.tsx";
import { cx } from "./cx.ts";

type Toast = { id: number; text: string; tone: "ok" | "bad"; href: string | undefined };

/** Long enough to read a sentence twice. Bad news stays until it is closed. */
const SHOWN_MS = 6_000;
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

/** Says in passing that something happened, with the way there if there is one; read out politely. */
export function toast(text: string, tone: Toast["tone"] = "ok", href?: string): void {
  lastId += 1;
  const id = lastId;
  change([...toasts.slice(-3), { id, text, tone, href }]);
  if (tone === "ok") setTimeout(() => dismiss(id), SHOWN_MS);
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
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
      className="pointer-events-none fixed right-4 bottom-4 z-50 flex max-w-sm flex-col gap-2 max-md:bottom-18 max-md:left-4"
    >
      {shown.map((each) => (
        <div
          key={each.id}
          className="pointer-events-auto flex items-center gap-2 rounded-md border border-line-strong bg-panel py-1 pr-1 pl-3 text-s shadow-lg"
        >
          <b aria-hidden="true" className={cx(each.tone === "ok" ? "text-ok" : "text-bad")}>
            {each.tone === "ok" ? "✓" : "!"}
          </b>
          <span className="grow">
            {each.text}
            {each.href && (
              // A whole load on purpose: it also leads to another moment of the page that is open.
              <a href={each.href} className="ml-2 inline-block min-h-6 text-accent underline">
                Open
              </a>
            )}
          </span>
          <IconButton label="Close message" onClick={() => dismiss(each.id)}>
            ✕
          </IconButton>
        </div>
      ))}
    </div>
  );
}
