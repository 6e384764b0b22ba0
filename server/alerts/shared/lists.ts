export const alertStatuses = ["firing", "acknowledged", "resolved", "suppressed"] as const;
export type AlertStatus = (typeof alertStatuses)[number];
export const alertSeverities = ["critical", "error", "warning", "info"] as const;
export type AlertSeverity = (typeof alertSeverities)[number];

/** What the list of alerts is narrowed by, in the order in which people see it. */
export const alertFacetNames = ["status", "severity", "service", "source", "integration", "route", "team"] as const;
export type AlertFacetName = (typeof alertFacetNames)[number];
/** Values of one facet that somebody chooses at once: more is a search. */
export const FACET_CHOSEN_MAX = 20;
/** Values that a facet lists, the most frequent first: more nobody reads. */
export const FACET_VALUES_MAX = 30;
/** Alerts that are counted, last seen first: beyond it the numbers say that they are not whole. */
export const ALERTS_COUNTED_MAX = 10_000;
/** Deliveries shown with an alert, newest first. */
export const ALERT_DELIVERIES_MAX = 20;

/** What a route opens: an incident in triage, a declared one, or nothing (the alert is recorded). */
export const routeOpenings = ["triage", "declared", "nothing"] as const;
export type RouteOpening = (typeof routeOpenings)[number];
/** A fixed window counts from the group's first alert, a sliding one from its last. */
export const groupWindowKinds = ["fixed", "sliding"] as const;
export type GroupWindowKind = (typeof groupWindowKinds)[number];
/**
 * What happens when all alerts of an incident have ended: nothing; what nobody accepted is declined;
 * the same, and people who work on an accepted one are asked whether it is over.
 */
export const autoResolvePolicies = ["never", "triage", "propose"] as const;
export type AutoResolvePolicy = (typeof autoResolvePolicies)[number];

/** What can become of an alert. */
export const decisionKinds = ["open", "attach", "hold", "wait", "record", "suppress"] as const;

/** An order that people can still read. */
export const ROUTES_MAX = 100;
export const ROUTE_NAME_LENGTH_MAX = 100;
export const TEAM_LENGTH_MAX = 100;
export const GROUP_FIELDS_MAX = 5;
export const GROUP_WINDOW_MINUTES_MAX = 7 * 24 * 60;
/** As many times of reports are kept with each group. */
export const THRESHOLD_COUNT_MAX = 100;
export const THRESHOLD_MINUTES_MAX = 24 * 60;
/** The same service failing twice within half an hour is most often one problem. */
export const DEBOUNCE_MINUTES_DEFAULT = 30;
export const DEBOUNCE_MINUTES_MAX = 24 * 60;
export const STALE_MINUTES_MIN = 5;
export const STALE_MINUTES_MAX = 90 * 24 * 60;
/** A longer quiet is a route that suppresses. */
export const MUTE_DAYS_MAX = 90;
export const MUTES_MAX = 500;
export const MUTE_SERVICES_MAX = 50;
/** Alerts that a dry run looks at, newest first. */
export const DRY_RUN_ALERTS_MAX = 5_000;
export const DRY_RUN_DAYS_MAX = 7;
/** Changed alerts that a dry run lists; all are counted. */
export const DRY_RUN_LISTED_MAX = 500;

export const NOISE_DAYS_MAX = 90;
export const NOISE_DAYS_DEFAULT = 30;
/** The night of the organisation's time zone: from ten in the evening to seven in the morning. */
export const NIGHT_FROM_HOUR = 22;
export const NIGHT_TO_HOUR = 7;
export const HEARTBEAT_NAME_LENGTH_MAX = 200;
export const HEARTBEAT_TEXT_LENGTH_MAX = 1_000;
/** Late pings are looked for every few seconds: less would be missed before it could come. */
export const HEARTBEAT_SECONDS_MIN = 10;
export const HEARTBEAT_SECONDS_MAX = 90 * 86_400;

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
