import { useSyncExternalStore } from "react";

let sentId: string | null = null;
const listeners = new Set<() => void>();

/** Shows what becomes of an update that was published here; null lets it go. */
export function showSent(updateId: string | null): void {
  sentId = updateId;
  for (const listener of listeners) listener();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The update that was published in this tab last, until it is let go. */
export function useSent(): string | null {
  return useSyncExternalStore(
    listen,
    () => sentId,
    () => null,
  );
}
