"use client";

import { useSyncExternalStore } from "react";

const KEY = "muster:single-keys";
const listeners = new Set<() => void>();
/** Without storage the choice lives as long as the page. */
let chosen: boolean | null = null;

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Whether keys without a modifier do something; on until somebody switched them off on this device. */
export function areSingleKeysOn(): boolean {
  if (chosen !== null) return chosen;
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
}

/** Switches them for this device. */
export function setSingleKeys(isOn: boolean): void {
  chosen = isOn;
  try {
    localStorage.setItem(KEY, isOn ? "on" : "off");
  } catch {
    // Kept above.
  }
  for (const listener of listeners) listener();
}

export function useSingleKeys(): boolean {
  return useSyncExternalStore(listen, areSingleKeysOn, () => true);
}
