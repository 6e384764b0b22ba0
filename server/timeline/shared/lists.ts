export const entryKinds = ["event", "note"] as const;
export type EntryKind = (typeof entryKinds)[number];
/** What a note can stand for; most are neither. */
export const noteMarks = ["decision", "follow_up"] as const;
export type NoteMark = (typeof noteMarks)[number];
/** What people call them. */
export const noteMarkNames: Record<NoteMark, string> = { decision: "Decision", follow_up: "Follow-up" };
/** A note is prose with a log pasted in, not a log file. */
export const NOTE_BYTES_MAX = 64 * 1024;
/** Catch-up of one client; with more missed it reads pages. */
export const MISSED_ENTRIES_MAX = 500;
/** What is pinned is in front of everybody: more than this is a second timeline. */
export const PINNED_ENTRIES_MAX = 20;
/** What somebody looks for in a room. */
export const FIND_LENGTH_MAX = 200;
/** An entry that was written down this much after it happened says both times. */
export const LATE_AFTER_MS = 60_000;
