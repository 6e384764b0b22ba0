"use client";

import type { SaveState } from "./save-tracker.ts";
import { useSaveState } from "./use-shared-document.ts";

const texts: Record<SaveState, string> = {
  saved: "Saved",
  saving: "Saving…",
  not_saved: "Not saved",
  offline: "Offline, edits kept on this device",
};
const colours: Record<SaveState, string> = {
  saved: "text-muted",
  saving: "text-muted",
  not_saved: "font-semibold text-bad",
  offline: "font-semibold text-warn",
};

/** Says where the page's edits are; *Saved* means on the server's disk. One a page. */
export function SaveStatus() {
  const state = useSaveState();
  return (
    <span role="status" className={`text-s ${colours[state]}`}>
      {texts[state]}
    </span>
  );
}
