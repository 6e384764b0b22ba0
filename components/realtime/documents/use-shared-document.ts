"use client";

import { useEffect, useState, useSyncExternalStore } from "react";
import { holdDocument, releaseDocument } from "./document-registry.ts";
import { type PageEdits, pageEdits, subscribeToPageEdits } from "./save-registry.ts";
import type { SharedDocument, SharedDocumentView } from "./shared-document.ts";

const nothing = () => () => {};
const notOpen: PageEdits = { state: null, isKept: true, troubled: [] };

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

/** Where the edits of the page's documents are. */
export function usePageEdits(): PageEdits {
  return useSyncExternalStore(subscribeToPageEdits, pageEdits, () => notOpen);
}
