import type { SaveState } from "./save-tracker.ts";

/** The worst of a page's documents wins. */
const worstFirst: readonly SaveState[] = ["not_saved", "offline", "saving", "saved"];

const states = new Map<object, SaveState>();
const listeners = new Set<() => void>();
let worst: SaveState = "saved";

/** The worst of some states; saved when there are none. Pure. */
export function worstOf(all: Iterable<SaveState>): SaveState {
  const present = new Set(all);
  return worstFirst.find((state) => present.has(state)) ?? "saved";
}

function update(): void {
  const before = worst;
  worst = worstOf(states.values());
  if (worst === before) return;
  if (typeof window !== "undefined") {
    if (worst === "saved") window.removeEventListener("beforeunload", warn);
    else if (before === "saved") window.addEventListener("beforeunload", warn);
  }
  for (const listener of listeners) listener();
}

/** Leaving now would lose what is only in this tab. */
function warn(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

/** Tells the page the state of one document. */
export function reportSaveState(document: object, state: SaveState): void {
  states.set(document, state);
  update();
}

/** A document is gone from the page. */
export function forgetSaveState(document: object): void {
  states.delete(document);
  update();
}

export function pageSaveState(): SaveState {
  return worst;
}

export function subscribeToSaveState(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
