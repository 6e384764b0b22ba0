import { checkFits, type EditStore, type KeptEdits } from "./edit-store.ts";

/** A device's store for tests: several copies may share one, as tabs share a browser's. */
export function memoryStore(): EditStore & { all: Map<string, KeptEdits>; isFull: boolean } {
  const all = new Map<string, KeptEdits>();
  const keyOf = ({ document, epoch, writer }: KeptEdits) => `${document} ${epoch} ${writer}`;
  const store = {
    all,
    isFull: false,
    read: async (document: string) => [...all.values()].filter((edits) => edits.document === document),
    documents: async () => [...new Set([...all.values()].map((edits) => edits.document))],
    put: async (edits: KeptEdits) => {
      if (store.isFull) throw new Error("the device is full");
      checkFits(edits, await store.documents());
      all.set(keyOf(edits), edits);
    },
    remove: async (edits: KeptEdits) => {
      if (all.get(keyOf(edits))?.revision === edits.revision) all.delete(keyOf(edits));
    },
    drop: async (document: string) => {
      for (const [key, edits] of all) if (edits.document === document) all.delete(key);
    },
    clear: async () => all.clear(),
  };
  return store;
}
