/** The roles every incident has; a team may add its own. */
export const incidentRoles = ["commander", "operations", "communications", "scribe"] as const;
export const ROLE_NAME_LENGTH_MAX = 40;
/** One commander can lead about seven people; twelve roles leave room for sub-teams. */
export const ROLES_MAX = 12;

/** Long enough for a train through a tunnel or a reload; a longer absence leaves the incident without its holder. */
export const ABSENT_AFTER_MS = 3 * 60_000;

/** An incident without a commander reminds first after this; the other roles can wait until it is led. */
export const COMMANDER_REMINDER_MS = 5 * 60_000;
export const ROLE_REMINDER_MS = 10 * 60_000;
/** Each reminder waits twice as long as the one before: 5, 10, 20 and 40 minutes for a commander. */
export const COMMANDER_REMINDERS_MAX = 4;
export const ROLE_REMINDERS_MAX = 2;
