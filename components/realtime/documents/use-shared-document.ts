"use client";

import { useEffect, useState, useSyncExternalStore } from "react";
import { holdDocument, releaseDocument } from "./document-registry.ts";
import { pageSaveState, subscribeToSaveState } from "./save-registry.ts";
import type { SaveState } from "./save-tracker.ts";
import type { SharedDocument, SharedDocumentView } from "./shared-document.ts";

const nothing = () => () => {};

/** A shared document by its name, `incidents/{id or reference}/{kind}`; null on the server and in the first moment. */
export function useSharedDocument(name: string): SharedDocumentView | null {
  const [document, setDocument] = useState<SharedDocument | null>(null);
  useEffect(() => {
    setDocument(holdDocument(name));
    return () => {
      setDocument(null);
      releaseDocument(name);
    };
  }, [name]);
  return useSyncExternalStore(
    document ? (listener) => document.subscribe(listener) : nothing,
    () => document?.view() ?? null,
    () => null,
  );
}

/** The worst save state of the page's documents. */
export function useSaveState(): SaveState {
  return useSyncExternalStore(subscribeToSaveState, pageSaveState, () => "saved");
}
