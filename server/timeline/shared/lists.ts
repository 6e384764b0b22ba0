export const entryKinds = ["event", "note"] as const;
export type EntryKind = (typeof entryKinds)[number];
/** A note is prose with a log pasted in, not a log file. */
export const NOTE_BYTES_MAX = 64 * 1024;
/** Catch-up of one client; with more missed it reads pages. */
export const MISSED_ENTRIES_MAX = 500;
