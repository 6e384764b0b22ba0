"use client";

import { useLayoutEffect, useState } from "react";
import type * as Y from "yjs";
import type { SharedDocumentView } from "#/components/realtime/documents/shared-document.ts";
import { useSharedDocument } from "#/components/realtime/documents/use-shared-document.ts";
import { useTextOf } from "#/components/realtime/room/shared-text.ts";
import { useEditorSettled } from "#/components/realtime/room/text-editor.tsx";
import { publishedLength } from "#/server/updates/shared/draft-text.ts";

export type Replaced = { said: string; undo: () => void };

export type Draft = {
  document: SharedDocumentView | null;
  /** Written together; false while the shared draft or its editor is not here, then the text is only this tab's. */
  isShared: boolean;
  body: string;
  /** Only while it is not shared. */
  setBody: (body: string) => void;
  /** Puts a text in the place of what is there, for everybody. */
  replace: (text: string, said: string, alsoBack?: () => void) => void;
  /** What was replaced last, and the way back. It stands in the sheet: what is outside cannot be pressed meanwhile. */
  replaced: Replaced | null;
  /** Takes out what was published; the server does the same, in case this tab does not come so far. */
  takeOut: (published: string) => void;
};

/** The text of the next update: the shared draft, or until it is here a text of one's own, at first `begun`, which then joins it. */
export function useDraft(incidentId: string, begun = ""): Draft {
  const document = useSharedDocument(`incidents/${incidentId}/update`);
  const text = document?.doc.getText("text") ?? null;
  const live = useTextOf(text);
  const [own, setOwn] = useState(begun);
  const [replaced, setReplaced] = useState<Replaced | null>(null);
  const isEditorSettled = useEditorSettled();
  const isHere = document?.isSynced === true && document.canWrite !== false && isEditorSettled;
  const [joined, setJoined] = useState<Y.Text | null>(null);
  const isShared = isHere && text !== null && joined === text;
  // The plain field stays until what was typed into it is in the shared text: no key press falls between the two.
  useLayoutEffect(() => {
    if (!isHere || !text || joined === text) return;
    if (own) text.insert(text.length, text.length > 0 ? `\n${own}` : own);
    setOwn("");
    setJoined(text);
  }, [isHere, text, joined, own]);

  function write(next: string): void {
    if (!isShared || !text) {
      setOwn(next);
      return;
    }
    text.doc?.transact(() => {
      text.delete(0, text.length);
      text.insert(0, next);
    });
  }
  /** What somebody wrote since stays behind it. */
  function bringBack(before: string, since: string): void {
    const now = isShared && text ? text.toString() : since;
    write(now === since || now.trim() === "" ? before : `${before}\n\n${now}`);
  }
  return {
    document,
    isShared,
    body: isShared ? live : own,
    setBody: setOwn,
    replace(next, said, alsoBack) {
      const before = isShared ? live : own;
      if (before === next) return;
      write(next);
      const undo = () => {
        bringBack(before, next);
        alsoBack?.();
        setReplaced(null);
      };
      setReplaced(before.trim() ? { said, undo } : null);
    },
    replaced,
    takeOut(published) {
      if (!isShared || !text) {
        setOwn("");
        return;
      }
      const length = publishedLength(text.toString(), published);
      if (length > 0) text.delete(0, length);
    },
  };
}
