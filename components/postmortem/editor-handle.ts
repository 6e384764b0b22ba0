/** A file that a note links to. */
export type LinkedFile = { name: string; url: string };

/** What panels beside the text may do with it. */
export type EditorHandle = {
  /** Puts a line of the record where the cursor is, or at the end of what happened. */
  insertLine(at: Date, text: string, files: readonly LinkedFile[]): void;
};
