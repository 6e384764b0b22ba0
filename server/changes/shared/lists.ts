/** The states that it knows; anything else is the sender's own word. */
export const changeStates = ["started", "succeeded", "failed"] as const;

/** A day covers the deployments of the evening before, whose traffic comes in the morning. */
export const CHANGES_BEFORE_MS = 24 * 60 * 60_000;
/** The impact's start is often guessed too early, and a rollback is a change as well. */
export const CHANGES_AFTER_MS = 60 * 60_000;
/** A change this close before the impact may be marked as the most likely one; later ones are seen, not accused. */
export const LIKELY_WITHIN_MS = 2 * 60 * 60_000;
/** What a room lists; more is not read during an incident. */
export const CHANGES_IN_ROOM_MAX = 50;
/** What is ranked for one room, the newest first. */
export const CHANGES_RANKED_MAX = 500;

/** Long enough for a postmortem that is written late. */
export const CHANGES_KEPT_DAYS = 90;
/** A thousand changes a day for the time they are kept. */
export const CHANGES_KEPT_MAX = 90_000;

export const CHANGE_TITLE_LENGTH_MAX = 300;
export const CHANGE_TEXT_LENGTH_MAX = 4_000;
export const CHANGE_WORD_LENGTH_MAX = 40;
export const CHANGE_NAME_LENGTH_MAX = 200;
export const CHANGE_KEY_LENGTH_MAX = 500;
export const CHANGE_LINKS_MAX = 10;
export const CHANGE_LABELS_MAX = 50;
/** Clocks of build machines are not the server's. */
export const CHANGE_CLOCK_SKEW_MS = 5 * 60_000;
