import { sql } from "drizzle-orm";
import { index, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { id, instant } from "./columns.ts";

/** One row per address outside that gets the status page's news by webhook. */
export const webhookSubscribers = pgTable(
  "webhook_subscribers",
  {
    id: id(),
    /** Who answers for it, and was asked; null for one that an administrator added. */
    email: text("email"),
    /** The address, encrypted: receivers keep keys in theirs. */
    urlSealed: text("url_sealed").notNull(),
    /** By this the same address is found again. */
    urlHash: text("url_hash").notNull(),
    /** What people see of it. */
    host: text("host").notNull(),
    /** Component ids; empty means every public update. */
    components: text("components").array().notNull().default(sql`'{}'::text[]`),
    createdAt: instant("created_at").notNull(),
    confirmedAt: instant("confirmed_at"),
    /** When its owner, or the receiver itself by answering 410, ended it. */
    endedAt: instant("ended_at"),
    lastSentAt: instant("last_sent_at"),
    /** What the last attempt met; null when it went well. */
    lastError: text("last_error"),
  },
  (t) => [
    uniqueIndex("webhook_subscribers_url_idx").on(t.urlHash),
    // The list of the settings, newest first.
    index("webhook_subscribers_created_idx").on(t.createdAt.desc(), t.id),
  ],
);
