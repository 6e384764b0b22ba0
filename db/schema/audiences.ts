import { sql } from "drizzle-orm";
import { index, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { audienceKinds, destinationKinds, type WebhookEvent } from "../../server/audience/shared/reach.ts";
import type { Severity } from "../../server/incidents/shared/lists.ts";
import { id, instant } from "./columns.ts";

/** One row per place that takes messages at an address of its own: a Mattermost or Teams channel, a webhook. */
export const destinations = pgTable(
  "destinations",
  {
    id: id(),
    kind: text("kind", { enum: destinationKinds }).notNull(),
    /** What people call it, unique in any case; the only thing of it that a room shows. */
    name: text("name").notNull(),
    /** Its address, encrypted: whoever knows it can post there. */
    urlSealed: text("url_sealed").notNull(),
    /** The address as people may see it. */
    urlShown: text("url_shown").notNull(),
    /** The secret that signs, encrypted; webhooks only. */
    secretSealed: text("secret_sealed"),
    /** The one before, which signs too until `previousUntil`. */
    previousSealed: text("previous_sealed"),
    previousUntil: instant("previous_until"),
    /** What a webhook is told of. */
    events: text("events").array().$type<WebhookEvent[]>().notNull().default(sql`'{}'::text[]`),
    /** Set while nothing goes there: by a person, or because it answered that it is gone. */
    disabledAt: instant("disabled_at"),
    disabledReason: text("disabled_reason"),
    testedAt: instant("tested_at"),
    /** Why the last test did not arrive; null when it did. */
    testError: text("test_error"),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (t) => [uniqueIndex("destinations_name_idx").on(sql`lower(${t.name})`)],
);

/**
 * One row per named group that hears of updates. Each of `services`, `components` and `severities` narrows it; empty
 * means all. An id whose service or component is gone stays: it fits nothing, and never becomes "all".
 */
export const audiences = pgTable(
  "audiences",
  {
    id: id(),
    name: text("name").notNull(),
    /** Never changed: what was said to it would have been said to others. */
    kind: text("kind", { enum: audienceKinds }).notNull(),
    services: uuid("services").array().notNull().default(sql`'{}'::uuid[]`),
    components: uuid("components").array().notNull().default(sql`'{}'::uuid[]`),
    severities: text("severities").array().$type<Severity[]>().notNull().default(sql`'{}'::text[]`),
    /** Addresses of our own people; a public audience has none. */
    emails: text("emails").array().notNull().default(sql`'{}'::text[]`),
    slackChannels: text("slack_channels").array().notNull().default(sql`'{}'::text[]`),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (t) => [uniqueIndex("audiences_name_idx").on(sql`lower(${t.name})`)],
);

/** One row per destination of an audience. */
export const audienceDestinations = pgTable(
  "audience_destinations",
  {
    audienceId: uuid("audience_id")
      .notNull()
      .references(() => audiences.id, { onDelete: "cascade" }),
    destinationId: uuid("destination_id")
      .notNull()
      .references(() => destinations.id, { onDelete: "cascade" }),
  },
  (t) => [
    primaryKey({ columns: [t.audienceId, t.destinationId] }),
    // Which audiences does a destination belong to?
    index("audience_destinations_destination_idx").on(t.destinationId),
  ],
);
