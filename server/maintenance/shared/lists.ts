/** The stages of a maintenance, in Statuspage's words where it has them, in their order. */
export const maintenanceStatuses = ["scheduled", "in_progress", "verifying", "completed", "cancelled"] as const;
export type MaintenanceStatus = (typeof maintenanceStatuses)[number];
/** Where the news of a maintenance can go beside the status page. */
export const maintenanceChannels = ["slack", "email"] as const;
export type MaintenanceChannel = (typeof maintenanceChannels)[number];
/** What a list of maintenances can be narrowed to. */
export const maintenanceStates = ["upcoming", "running", "ended"] as const;
export type MaintenanceState = (typeof maintenanceStates)[number];

/** As the public name of an incident. */
export const MAINTENANCE_TITLE_LENGTH_MAX = 150;
/** As the text of an update. */
export const MAINTENANCE_BODY_LENGTH_MAX = 3_500;
/** A day and an hour before, unless somebody chooses. */
export const REMINDERS_DEFAULT: readonly number[] = [24 * 60, 60];
/** More mails about one evening are a nuisance. */
export const REMINDERS_MAX = 5;
/** Two weeks: who hears earlier has forgotten it. */
export const REMINDER_MINUTES_MAX = 14 * 24 * 60;
/** What lasts longer is not maintenance; alerts cannot be muted for longer either. */
export const MAINTENANCE_DAYS_MAX = 90;
/** How far ahead it can be planned. */
export const MAINTENANCE_AHEAD_DAYS_MAX = 366;
/** Planned or running at once; the page lists all of them. */
export const MAINTENANCES_OPEN_MAX = 50;
/** Updates of one maintenance; a page shows all of them. */
export const MAINTENANCE_UPDATES_MAX = 100;

/** True while it is on. */
export function isRunning(status: MaintenanceStatus): boolean {
  return status === "in_progress" || status === "verifying";
}

/** True once it is over, whatever came of it. */
export function isEnded(status: MaintenanceStatus): boolean {
  return status === "completed" || status === "cancelled";
}
