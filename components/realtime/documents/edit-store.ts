/** Edits of one copy of a document that the server has not acknowledged, as one update. */
export type KeptEdits = {
  /** As the contract names it: `incidents/{id or reference}/{kind}`. */
  document: string;
  /** The history they belong to; 0 when they were made before the server had named it. */
  epoch: number;
  /** The client id of the copy: each tab writes its own, so that no two tabs write the same. */
  writer: number;
  update: Uint8Array;
  /** Rises with each writing. */
  revision: number;
  /** When they were last written, in milliseconds. */
  at: number;
  /** The close code with which the server refused them: they are shown, and never sent again. */
  refusedWith: number | null;
};

/** Where edits wait on this device. Everything may fail: the device may be full, or forbid it. */
export type EditStore = {
  /** All copies' edits of a document. */
  read(document: string): Promise<KeptEdits[]>;
  /** The documents that have edits here. */
  documents(): Promise<string[]>;
  /** Writes over what the same copy has here. @throws Error when they do not fit */
  put(edits: KeptEdits): Promise<void>;
  /** Takes them away, unless their copy has written since. */
  remove(edits: KeptEdits): Promise<void>;
  /** Takes everything of a document away. */
  drop(document: string): Promise<void>;
  /** Takes everything away. */
  clear(): Promise<void>;
};

/** What a client's first answer may hold is 1 MiB (SY16): the edits, and room for what one tab has beside another's. */
export const KEPT_BYTES_MAX = 768 * 1024;
/** Nobody writes in more while the server is away; beyond it edits stay in their tab. */
export const KEPT_DOCUMENTS_MAX = 50;
/** Who does not come back within a month does not come back for them. */
export const KEPT_AGE_MAX_MS = 30 * 24 * 60 * 60_000;

/** Whether edits still may be put, given the documents that are kept. @throws Error when they do not fit */
export function checkFits(edits: KeptEdits, documents: readonly string[]): void {
  if (edits.update.length > KEPT_BYTES_MAX) throw new Error("too many edits of one document");
  const others = new Set(documents.filter((name) => name !== edits.document));
  if (others.size >= KEPT_DOCUMENTS_MAX) throw new Error("edits of too many documents");
}
