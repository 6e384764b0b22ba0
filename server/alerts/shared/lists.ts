export const alertStatuses = ["firing", "acknowledged", "resolved", "suppressed"] as const;
export type AlertStatus = (typeof alertStatuses)[number];
export const alertSeverities = ["critical", "error", "warning", "info"] as const;
export type AlertSeverity = (typeof alertSeverities)[number];

export const intakeStates = ["stored", "processed", "failed"] as const;
export type IntakeState = (typeof intakeStates)[number];

/** One delivery; Alertmanager's largest batches stay far below. */
export const HOOK_BODY_BYTES_MAX = 1024 * 1024;
/** What a too large sender may go on sending before the connection is cut, so that it sees the 413. */
export const HOOK_DRAIN_BYTES_MAX = 8 * 1024 * 1024;
/** Alerts in one delivery; more are cut off and said. */
export const ALERTS_PER_DELIVERY_MAX = 1_000;
/** A second delivery with the same bytes within this time is a repeat of the first. */
export const REPEAT_WINDOW_MS = 60_000;
