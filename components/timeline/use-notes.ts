"use client";

import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import * as Y from "yjs";
import type { SharedDocumentView } from "#/components/realtime/documents/shared-document.ts";
import { useSharedDocument } from "#/components/realtime/documents/use-shared-document.ts";
import { useMe } from "#/components/realtime/room/room-provider.tsx";
import type { TimelineEntryView } from "#/server/timeline/contract.ts";
import { keepPending, newNoteId, type PendingNote, readPending } from "./pending-notes.ts";

export type Notes = {
  document: SharedDocumentView | null;
  /** The text of each note as it is being written, by id. */
  texts: ReadonlyMap<string, string>;
  /** Own notes that have no row yet, as entries. */
  pending: readonly TimelineEntryView[];
  /** Writes a note. It is on the page at once and on its way to the server's disk. */
  add: (body: string) => void;
  /** The shared text of a note, once it is here. */
  textOf: (noteId: string) => Y.Text | null;
};

const noEntries: readonly TimelineEntryView[] = [];
const notRead: readonly PendingNote[] = [];
const nothing: ReadonlyMap<string, string> = new Map();

function rootOf(doc: Y.Doc): Y.Map<Y.Text> {
  return doc.getMap<Y.Text>("notes");
}

function noteIn(root: Y.Map<Y.Text> | null, id: string): Y.Text | null {
  const note: unknown = root?.get(id);
  return note instanceof Y.Text ? note : null;
}

/** The texts of all notes; only those that change are read again. */
function useTexts(root: Y.Map<Y.Text> | null): ReadonlyMap<string, string> {
  const store = useMemo(() => {
    const readAll = () => new Map([...(root?.keys() ?? [])].map((id) => [id, noteIn(root, id)?.toString() ?? ""]));
    let texts: ReadonlyMap<string, string> | null = null;
    return {
      subscribe(listener: () => void) {
        const hear = (events: Y.YEvent<Y.Text | Y.Map<Y.Text>>[]) => {
          const next = new Map(texts ?? readAll());
          for (const event of events) {
            const ids = event.path.length > 0 ? [String(event.path[0])] : [...event.keys.keys()];
            for (const id of ids) {
              const note = noteIn(root, id);
              if (note) next.set(id, note.toString());
              else next.delete(id);
            }
          }
          texts = next;
          listener();
        };
        const observe = hear as unknown as Parameters<Y.Map<Y.Text>["observeDeep"]>[0];
        root?.observeDeep(observe);
        return () => root?.unobserveDeep(observe);
      },
      read() {
        texts ??= root ? readAll() : nothing;
        return texts;
      },
    };
  }, [root]);
  return useSyncExternalStore(store.subscribe, store.read, () => nothing);
}

/** Own notes that were added and whose rows have not come; kept over a reload of the page. */
function usePending(incidentId: string, entries: readonly TimelineEntryView[]) {
  const [pending, setPending] = useState(notRead);
  useEffect(() => setPending(readPending(incidentId)), [incidentId]);
  useEffect(() => {
    const known = new Set(entries.map((entry) => entry.id));
    setPending((notes) =>
      notes.some((note) => known.has(note.id)) ? notes.filter((note) => !known.has(note.id)) : notes,
    );
  }, [entries]);
  useEffect(() => {
    if (pending !== notRead) keepPending(incidentId, pending);
  }, [incidentId, pending]);
  const addPending = useCallback((note: PendingNote) => setPending((notes) => [...notes, note]), []);
  return { pending, addPending };
}

/** The shared notes of an incident: their live texts, own ones still on their way, and a way to add one. */
export function useNotes(incidentId: string, entries: readonly TimelineEntryView[]): Notes {
  const me = useMe();
  const document = useSharedDocument(`incidents/${incidentId}/notes`);
  const doc = document?.doc ?? null;
  const root = useMemo(() => (doc ? rootOf(doc) : null), [doc]);
  const texts = useTexts(root);
  const { pending, addPending } = usePending(incidentId, entries);

  const add = useCallback(
    (body: string) => {
      if (!doc || !root) return;
      const id = newNoteId();
      doc.transact(() => root.set(id, new Y.Text(body)));
      addPending({ id, at: new Date().toISOString() });
    },
    [doc, root, addPending],
  );
  const textOf = useCallback((noteId: string) => noteIn(root, noteId), [root]);
  const { id, name } = me;
  const shown = useMemo(() => {
    if (pending.length === 0) return noEntries;
    const known = new Set(entries.map((entry) => entry.id));
    return pending
      .filter((note) => texts.has(note.id) && !known.has(note.id))
      .map((note) => pendingEntry(note, { id, name }, texts.get(note.id) ?? ""));
  }, [pending, entries, texts, id, name]);
  return { document, texts, add, textOf, pending: shown };
}

/** A note on its way, as an entry at the timeline's end. */
function pendingEntry(note: PendingNote, me: { id: string; name: string }, body: string): TimelineEntryView {
  return {
    id: note.id,
    seq: Number.MAX_SAFE_INTEGER,
    kind: "note",
    type: "note",
    at: note.at,
    recordedAt: note.at,
    actor: { id: me.id, name: me.name },
    data: {},
    body,
    editedAt: null,
    deletedAt: null,
    mark: null,
    markedAt: null,
    markedBy: null,
    pinned: false,
    pinnedAt: null,
    pinnedBy: null,
  };
}
