"use client";

import { useEffect, useRef, useState } from "react";
import type { SharedDocumentView } from "#/components/realtime/documents/shared-document.ts";
import { useSharedDocument } from "#/components/realtime/documents/use-shared-document.ts";
import { useTextOf } from "#/components/realtime/room/shared-text.ts";

export type Draft = {
  document: SharedDocumentView | null;
  /** Written together; false while the shared draft is not here, then the text is only this tab's. */
  isShared: boolean;
  body: string;
  /** Only while it is not shared. */
  setBody: (body: string) => void;
  clear: () => void;
};

/** The text of the next update: the shared draft, or until it is here a text of one's own, at first `begun`, which then joins it. */
export function useDraft(incidentId: string, begun = ""): Draft {
  const document = useSharedDocument(`incidents/${incidentId}/update`);
  const text = document?.doc.getText("text") ?? null;
  const live = useTextOf(text);
  const [own, setOwn] = useState(begun);
  const isShared = document?.isSynced === true && document.canWrite !== false;
  const joined = useRef(false);
  useEffect(() => {
    if (!isShared || !text || joined.current) return;
    joined.current = true;
    if (own) text.insert(text.length, text.length > 0 ? `\n${own}` : own);
    setOwn("");
  }, [isShared, text, own]);
  return {
    document,
    isShared,
    body: isShared ? live : own,
    setBody: setOwn,
    clear() {
      setOwn("");
      if (text && text.length > 0) text.delete(0, text.length);
    },
  };
}
