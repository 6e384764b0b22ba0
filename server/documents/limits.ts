/** Edits of this span share one commit: short enough to feel saved at once, long enough for many typists. */
export const COMMIT_WINDOW_MS = 25;
/** A reload or a change of network brings people back within this time; then the room is still warm. */
export const UNLOAD_AFTER_MS = 30_000;
/** Rows after a snapshot that make loading slower than a new snapshot costs. */
export const SNAPSHOT_ROWS = 200;
export const SNAPSHOT_BYTES = 64 * 1024;
/** A snapshot reads the document twice; what heavy typing adds in this time loads in a few milliseconds. */
export const SNAPSHOT_PAUSE_MS = 30_000;
/** The newest and the one before it: a broken newest one costs time, not text. */
export const SNAPSHOTS_KEPT = 2;
/** Edits held in memory while the database is away; beyond them writers are sent off to come back. */
export const BACKLOG_BYTES_MAX = 5 * 1024 * 1024;
export const BACKLOG_AGE_MAX_MS = 60_000;
/** Pauses between tries of a commit; the last one repeats. */
export const COMMIT_RETRY_MS = [50, 200, 1_000, 3_000] as const;
/** Tries after which a batch is committed without its projections, so that one of them cannot hold up the log. */
export const PROJECTION_TRIES = 3;
/** Tables made from documents may take this part of a core for long, after a burst of the CPU time beside it. */
export const PROJECTION_SHARE = 0.01;
export const PROJECTION_BURST_MS = 200;
/** And lag behind the log by this much at most while somebody types under load. */
export const PROJECTION_LAG_MS = 1_000;
/** Earlier tabs of one person that come back at once, or the room after a crash. */
export const CLIENTS_PER_UPDATE_MAX = 256;
/** Pieces of text in one update: an afternoon offline is some hundreds; these keep the event loop for tens of milliseconds. */
export const STRUCTS_PER_UPDATE_MAX = 10_000;
/** Each tab that writes adds one for ever; state vectors carry them all. */
export const CLIENTS_PER_DOCUMENT_MAX = 20_000;
/** A postmortem nests lists in lists; deeper trees overflow the stack of whoever prints them. */
export const TYPE_DEPTH_MAX = 64;
/** An attribute is a word or a small record. */
export const VALUE_DEPTH_MAX = 16;
/** About 100 notes of full size. */
export const DOCUMENT_BYTES_MAX = 16 * 1024 * 1024;
/**
 * After a start, people may bring what the former process had passed on and not yet stored. Long enough for a machine
 * that is busy with a whole room coming back: whoever is late is refused for good, with all that they hold.
 */
export const RECOVERY_MS = 600_000;
/** A server's own edit waits this long for its commit before the caller is told to try again. */
export const EDIT_WAIT_MS = 10_000;
