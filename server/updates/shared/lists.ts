/** The status an update gives the incident, in Statuspage's words. */
export const updateStatuses = ["investigating", "identified", "monitoring", "resolved"] as const;
export type UpdateStatus = (typeof updateStatuses)[number];
export const channels = ["status_page", "slack", "email"] as const;
export type Channel = (typeof channels)[number];
/** A channel that may say it in words of its own; the status page always says the update's text. */
export type WordedChannel = Exclude<Channel, "status_page">;
export const wordedChannels = channels.filter((channel): channel is WordedChannel => channel !== "status_page");
export type Wordings = Partial<Record<WordedChannel, string>>;
/** Every way a delivery goes out: the channels of updates and of audiences, those of tell lists, and the sender of an alert itself. */
export const outboundChannels = [
  ...channels,
  "mattermost",
  "teams",
  "webhook",
  "pagerduty",
  "opsgenie",
  "source",
] as const;
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
  "suppressed",
  "superseded",
  "cancelled",
] as const;
export type DeliveryState = (typeof deliveryStates)[number];
/** Slack edits a message in place only below 4,000 characters. */
export const UPDATE_BODY_LENGTH_MAX = 3_500;
export const PUBLIC_TITLE_LENGTH_MAX = 150;
/** The longest address that SMTP carries; channels of Slack are shorter. */
export const DESTINATION_LENGTH_MAX = 254;
/** Updates that a room shows; older ones are a page away. */
export const UPDATES_IN_ROOM_MAX = 100;
/** A promise further away than this is none. */
export const NEXT_UPDATE_DAYS_MAX = 30;
/** More templates than this and nobody finds the right one while something burns. */
export const TEMPLATES_MAX = 100;
export const TEMPLATE_NAME_LENGTH_MAX = 60;

/** When the next update comes, as it is chosen: so long after publishing, at an instant, or not at all. */
export type NextChoice = { kind: "minutes"; minutes: number } | { kind: "at"; at: string } | { kind: "none" };
