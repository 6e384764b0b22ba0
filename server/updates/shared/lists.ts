/** The status an update gives the incident, in Statuspage's words. */
export const updateStatuses = ["investigating", "identified", "monitoring", "resolved"] as const;
export type UpdateStatus = (typeof updateStatuses)[number];
export const channels = ["status_page", "slack", "email"] as const;
export type Channel = (typeof channels)[number];
/** Every way a delivery goes out: the channels of updates, those of tell lists, and the sender of an alert itself. */
export const outboundChannels = [...channels, "webhook", "pagerduty", "opsgenie", "source"] as const;
export type OutboundChannel = (typeof outboundChannels)[number];
export const audiences = ["public", "internal"] as const;
export type Audience = (typeof audiences)[number];
export const impacts = ["none", "minor", "major", "critical"] as const;
export type Impact = (typeof impacts)[number];
/** What a resolving update says of data. */
export const dataLosses = ["no", "yes", "unknown"] as const;
export type DataLoss = (typeof dataLosses)[number];
export const deliveryStates = [
  "queued",
  "sending",
  "sent",
  "retrying",
  "unknown",
  "failed",
  "superseded",
  "cancelled",
] as const;
export type DeliveryState = (typeof deliveryStates)[number];
/** Slack edits a message in place only below 4,000 characters. */
export const UPDATE_BODY_LENGTH_MAX = 3_500;
export const PUBLIC_TITLE_LENGTH_MAX = 150;
/** Updates that a room shows; older ones are a page away. */
export const UPDATES_IN_ROOM_MAX = 100;
