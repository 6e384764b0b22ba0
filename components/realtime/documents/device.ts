import type { EditStore } from "./edit-store.ts";
import { openIndexedEdits } from "./indexed-edits.ts";

let userId: string | null = null;
let store: EditStore | null = null;

/** Says whose edits this page keeps on the device. Repeating it changes nothing; on the server nothing is kept. */
export function keepEditsOf(id: string): void {
  if (typeof window === "undefined" || userId === id) return;
  userId = id;
  store = openIndexedEdits(id);
}

/** Where this page's edits wait; null when there is no such place. */
export function deviceStore(): EditStore | null {
  return store;
}
