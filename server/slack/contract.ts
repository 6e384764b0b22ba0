import { z } from "zod";
import { MESSAGES_PAGE_MAX, slackChannelStates } from "./shared/lists.ts";

/** The channel that an incident has of its own in Slack, and how it stands. */
export const slackChannelView = z.object({
  state: z.enum(slackChannelStates),
  /** As people see it, without the `#`; empty until it is made. */
  name: z.string(),
  url: z.string(),
  /** Why it could not be opened, or what has not worked yet. */
  error: z.string().nullable(),
  /** Addresses of the roster that Slack knows nobody by. */
  unknownPeople: z.array(z.string()),
});
export type SlackChannelView = z.infer<typeof slackChannelView>;

/** What a room shows of Slack: the channel, and how much was said there. */
export const chatView = z.object({
  channel: slackChannelView.nullable(),
  /** Whether a channel can be opened now. */
  canOpen: z.boolean(),
  messages: z.number().int(),
  /** The sequence number of the last message that came or changed; 0 when there is none. */
  seq: z.number().int(),
});
export type ChatView = z.infer<typeof chatView>;

export const slackMessageView = z.object({
  id: z.string(),
  seq: z.number().int(),
  at: z.string(),
  author: z.object({ id: z.string().nullable(), name: z.string() }),
  /** Plain text; empty once it was deleted in Slack. */
  text: z.string(),
  /** It answers another message. */
  isReply: z.boolean(),
  editedAt: z.string().nullable(),
  deletedAt: z.string().nullable(),
  /** The note that somebody kept of it. */
  noteId: z.string().nullable(),
});
export type SlackMessageView = z.infer<typeof slackMessageView>;

export const slackMessagesQuery = z.object({
  /** Catch-up: what came or changed after this sequence number, in the order of change. */
  afterSeq: z.coerce.number().int().min(0).optional(),
  /** Words that a message or its author's name holds all of. */
  q: z.string().trim().max(200).optional(),
  cursor: z.string().max(500).optional(),
  limit: z.coerce
    .number()
    .int()
    .default(MESSAGES_PAGE_MAX)
    .transform((limit) => Math.min(Math.max(limit, 1), MESSAGES_PAGE_MAX)),
});
export type SlackMessagesQuery = z.infer<typeof slackMessagesQuery>;

/** What a look at Slack found. */
export const slackCheckView = z.object({
  ok: z.boolean(),
  workspace: z.string().nullable(),
  bot: z.string().nullable(),
  missingScopes: z.array(z.string()),
  /** In words for people; empty when all is well. */
  problems: z.array(z.string()),
});
export type SlackCheckView = z.infer<typeof slackCheckView>;
