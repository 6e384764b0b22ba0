import type { SaveState } from "./save-tracker.ts";
import type { SharedDocument } from "./shared-document.ts";

/** The worst of a page's documents wins. */
const worstFirst: readonly SaveState[] = ["not_saved", "offline", "saving", "saved"];

/** Where the edits of a page are. */
export type PageEdits = {
  /** The worst of its documents; null before the first of them is open. */
  readonly state: SaveState | null;
  /** What is not saved yet would outlive this page. */
  readonly isKept: boolean;
  /** Documents that ended, or have edits that cannot be saved. */
  readonly troubled: readonly SharedDocument[];
};

type Report = Omit<PageEdits, "troubled"> & { isTroubled: boolean };

const nothing: PageEdits = { state: null, isKept: true, troubled: [] };
const reports = new Map<SharedDocument, Report>();
const listeners = new Set<() => void>();
let page = nothing;

/** The worst of some states; null when none is known. Pure. */
export function worstOf(all: Iterable<SaveState | null>): SaveState | null {
  const present = new Set(all);
  return worstFirst.find((state) => present.has(state)) ?? null;
}

function read(): PageEdits {
  const all = [...reports];
  return {
    state: worstOf(all.map(([, { state }]) => state)),
    isKept: all.every(([, { isKept }]) => isKept),
    troubled: all.filter(([, { isTroubled }]) => isTroubled).map(([document]) => document),
  };
}

function update(): void {
  const next = read();
  const isSame =
    next.state === page.state &&
    next.isKept === page.isKept &&
    next.troubled.length === page.troubled.length &&
    next.troubled.every((document, at) => document === page.troubled[at]);
  if (isSame) return;
  if (typeof window !== "undefined" && next.isKept !== page.isKept) {
    if (next.isKept) window.removeEventListener("beforeunload", warn);
    else window.addEventListener("beforeunload", warn);
  }
  page = next;
  for (const listener of [...listeners]) listener();
}

/** Leaving now would lose what is only in this tab. */
function warn(event: BeforeUnloadEvent): void {
  event.preventDefault();
}

/** Tells the page where the edits of one document are. */
export function reportEdits(document: SharedDocument, report: Report): void {
  reports.set(document, report);
  update();
}

/** A document is gone from the page. */
export function forgetEdits(document: SharedDocument): void {
  reports.delete(document);
  update();
}

export function pageEdits(): PageEdits {
  return page;
}

export function subscribeToPageEdits(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
