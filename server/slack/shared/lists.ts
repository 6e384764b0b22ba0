/** What became of a channel that somebody wanted for an incident. */
export const slackChannelStates = ["opening", "open", "archived", "failed"] as const;
export type SlackChannelState = (typeof slackChannelStates)[number];
/** What is mirrored of one message; Slack itself cuts what people type at 4,000. */
export const MESSAGE_LENGTH_MAX = 8_000;
/** Messages kept of one incident: far more than anybody reads, far less than would fill the database. */
export const MESSAGES_PER_INCIDENT_MAX = 20_000;
/** Messages that changed, in one answer; with more missed the client asks again. */
export const MESSAGES_PAGE_MAX = 200;
