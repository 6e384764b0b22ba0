import { deviceStore } from "./device.ts";
import { openSharedDocument, type SharedDocument } from "./shared-document.ts";

/** A panel that closes and opens again, or a page changed and back, finds the document still connected. */
const KEPT_MS = 10_000;

type Held = { document: SharedDocument; holders: number; timer: ReturnType<typeof setTimeout> | undefined };

const held = new Map<string, Held>();

/** The page's one copy of a document; released by as many calls of `releaseDocument`. */
export function holdDocument(name: string): SharedDocument {
  const entry = held.get(name) ?? { document: openSharedDocument({ name }), holders: 0, timer: undefined };
  clearTimeout(entry.timer);
  entry.holders += 1;
  held.set(name, entry);
  return entry.document;
}

/** Gives a document up: it is closed after a moment, and not before its edits are on disk or refused for good. */
export function releaseDocument(name: string): void {
  const entry = held.get(name);
  if (!entry) return;
  entry.holders -= 1;
  if (entry.holders <= 0) entry.timer = setTimeout(() => closeIdle(name), KEPT_MS);
}

function closeIdle(name: string): void {
  const entry = held.get(name);
  if (!entry || entry.holders > 0) return;
  const { saveState, closeCode, lost } = entry.document.view();
  if (lost !== null || (saveState !== "saved" && saveState !== null && closeCode === null)) {
    entry.timer = setTimeout(() => closeIdle(name), KEPT_MS);
    return;
  }
  held.delete(name);
  entry.document.destroy();
}

/** Brings edits to the server that an earlier page left on this device, in documents that this page does not show. */
export async function saveKeptEdits(): Promise<void> {
  const names = (await deviceStore()?.documents()) ?? [];
  for (const name of names.filter((each) => !held.has(each))) openSoon(name);
}

/** Opens a document for somebody who asks for it in a moment. On the server nothing is opened. */
export function openSoon(name: string): void {
  if (typeof window === "undefined") return;
  holdDocument(name);
  releaseDocument(name);
}
