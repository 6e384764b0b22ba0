/** Who an audience is: everybody, or our own people only. It decides what may be said there. */
export const audienceKinds = ["public", "internal"] as const;
export type AudienceKind = (typeof audienceKinds)[number];

/** Places that take messages at an address of their own. */
export const destinationKinds = ["mattermost", "teams", "webhook"] as const;
export type DestinationKind = (typeof destinationKinds)[number];

/** What a webhook can be told of. */
export const webhookEvents = [
  "incident.created",
  "incident.updated",
  "incident.resolved",
  "update.published",
  "update.corrected",
] as const;
export type WebhookEvent = (typeof webhookEvents)[number];

/** The two audiences that are always there: their channels are chosen by name when an update is published. */
export const PUBLIC_PAGE = "public";
export const FOLLOWERS = "followers";

export const REACH_NAME_LENGTH_MAX = 80;
/** Groups that a responder still finds their way in. */
export const AUDIENCES_MAX = 50;
/** Places in one organisation. */
export const DESTINATIONS_MAX = 100;
/** Places of one audience: its messages are written in the transaction of the update. */
export const AUDIENCE_DESTINATIONS_MAX = 20;
/** Addresses of one audience: a longer list is a mailing list's job. */
export const AUDIENCE_EMAILS_MAX = 50;
export const AUDIENCE_SLACK_CHANNELS_MAX = 20;
/** Services or components that one audience names. */
export const AUDIENCE_MATCH_MAX = 100;
/** Addresses of webhooks may carry long keys. */
export const DESTINATION_URL_LENGTH_MAX = 2_000;
/** How long the secret before goes on signing after a new one was made. */
export const ROTATION_OVERLAP_HOURS = 24;
