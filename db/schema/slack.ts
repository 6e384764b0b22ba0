import { sql } from "drizzle-orm";
import { index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { slackChannelStates } from "../../server/slack/shared/lists.ts";
import { id, instant } from "./columns.ts";
import { incidents, ofIncident } from "./incidents.ts";
import { users } from "./people.ts";

/** One row per request that came from Slack: what was done is not done again when Slack repeats it. Gone after hours. */
export const slackRequests = pgTable(
  "slack_requests",
  {
    /** The event's id, or the digest of the whole body. */
    id: text("id").primaryKey(),
    receivedAt: instant("received_at").notNull(),
    /** Null while it is being done. */
    doneAt: instant("done_at"),
    /** What was answered, for the repetition. */
    answer: jsonb("answer").$type<unknown>(),
  },
  // Old rows are looked for at each request.
  (t) => [index("slack_requests_received_idx").on(t.receivedAt)],
);

/** One row per incident that somebody wanted a channel for: what it should be, and what it is in Slack. */
export const slackChannels = pgTable(
  "slack_channels",
  {
    incidentId: uuid("incident_id")
      .primaryKey()
      .references(() => incidents.id, { onDelete: "cascade" }),
    state: text("state", { enum: slackChannelStates }).notNull(),
    /** Slack's own; null until it is made. */
    channelId: text("channel_id"),
    name: text("name").notNull().default(""),
    url: text("url").notNull().default(""),
    /** What was last set. */
    topic: text("topic").notNull().default(""),
    /** Addresses of people who were brought in, so that nobody is brought back who left. */
    invited: text("invited").array().notNull().default(sql`'{}'::text[]`),
    /** Addresses that Slack knows nobody by. */
    unknown: text("unknown").array().notNull().default(sql`'{}'::text[]`),
    /** Who Muster is in Slack: its own messages are no talk. */
    botUserId: text("bot_user_id").notNull().default(""),
    attempts: integer("attempts").notNull().default(0),
    lastError: text("last_error"),
    requestedById: uuid("requested_by_id").references(() => users.id, { onDelete: "set null" }),
    requestedByName: text("requested_by_name").notNull(),
    requestedAt: instant("requested_at").notNull(),
    openedAt: instant("opened_at"),
    archivedAt: instant("archived_at"),
  },
  // A message names its channel.
  (t) => [uniqueIndex("slack_channels_channel_idx").on(t.channelId)],
);

/** One row per message of an incident's channel, as Slack has it now; of a deleted one only that it was there. */
export const slackMessages = pgTable(
  "slack_messages",
  {
    id: id(),
    incidentId: ofIncident(),
    channelId: text("channel_id").notNull(),
    /** Slack's name for it within the channel. */
    ts: text("ts").notNull(),
    /** The message that it answers. */
    threadTs: text("thread_ts"),
    slackUserId: text("slack_user_id").notNull(),
    authorId: uuid("author_id").references(() => users.id, { onDelete: "set null" }),
    authorName: text("author_name").notNull(),
    /** Plain, as people read it. */
    text: text("text").notNull(),
    at: instant("at").notNull(),
    editedAt: instant("edited_at"),
    deletedAt: instant("deleted_at"),
    /** The note that somebody kept of it. */
    noteId: uuid("note_id"),
    /** The incident's sequence number of its last change: what a browser missed is what is above. */
    seq: integer("seq").notNull(),
  },
  (t) => [
    uniqueIndex("slack_messages_ts_idx").on(t.channelId, t.ts),
    index("slack_messages_seq_idx").on(t.incidentId, t.seq),
    index("slack_messages_at_idx").on(t.incidentId, t.at),
  ],
);
