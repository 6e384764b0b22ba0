"use client";

import { useSyncExternalStore } from "react";
import { Button, IconButton } from "./button.tsx";
import { cx } from "./cx.ts";

/** What can be done about it, while it is shown: `Undo`. */
type ToastAct = { label: string; onPress: () => void };
type Toast = { id: number; text: string; tone: "ok" | "bad"; act: ToastAct | undefined };

/** Long enough to read a sentence twice. Bad news stays until it is closed. */
const SHOWN_MS = 6_000;
/** Long enough to find out that one did not mean it. */
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

/** Says in passing that something happened; read out politely. */
export function toast(text: string, tone: Toast["tone"] = "ok", act?: ToastAct): void {
  lastId += 1;
  const id = lastId;
  change([...toasts.slice(-3), { id, text, tone, act }]);
  if (tone === "ok") setTimeout(() => dismiss(id), act ? SHOWN_WITH_ACT_MS : SHOWN_MS);
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
          <span className="grow">{each.text}</span>
          {each.act && <ToastButton toast={each} act={each.act} />}
          <IconButton label="Close message" onClick={() => dismiss(each.id)}>
            ✕
          </IconButton>
        </div>
      ))}
    </div>
  );
}

function ToastButton({ toast: { id }, act }: { toast: Toast; act: ToastAct }) {
  function press(): void {
    dismiss(id);
    act.onPress();
  }
  return (
    <Button size="s" className="max-[900px]:min-h-11" onClick={press}>
      {act.label}
    </Button>
  );
}
