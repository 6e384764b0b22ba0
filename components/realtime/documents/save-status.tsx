"use client";

import type { SaveState } from "./save-tracker.ts";
import { usePageEdits } from "./use-shared-document.ts";

/** Where edits are, in words. */
export const saveTexts: Record<SaveState, string> = {
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
const help: Record<SaveState, string> = {
  saved: "Everything written here is on the server's disk.",
  saving: "On its way to the server's disk.",
  not_saved: "The server is there and has not stored the last edits.",
  offline:
    "The server is out of reach. Edits wait in this browser, also when the page is closed, and are saved when it is back.",
};

/** Says where the page's edits are; *Saved* means on the server's disk. One a page; empty before the first document is open. */
export function SaveStatus() {
  const { state, isKept, troubled } = usePageEdits();
  // What is on its way is in this tab only for a moment, and nobody has to know; what is lost has a banner.
  const isOnlyHere = !isKept && state !== "saving" && troubled.length === 0;
  return (
    <>
      <span role="status" {...(state && { title: help[state] })} className={`text-s ${state ? colours[state] : ""}`}>
        {state && saveTexts[state]}
      </span>
      {isOnlyHere && (
        <span className="ml-1.5 text-s font-semibold text-warn">
          · This browser cannot keep edits: leave the tab open.
        </span>
      )}
    </>
  );
}
