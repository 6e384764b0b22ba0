import { boolean, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import type { alertSeverities } from "../../server/alerts/shared/lists.ts";
import { integrations } from "./alerts.ts";
import { id, instant } from "./columns.ts";

/** What an alert's label has to be; all of a silence hold together. */
export type SilenceMatcher = { name: string; value: string; isRegex: boolean; isEqual: boolean };

/** One row per thing that has to report regularly. It is missing from when a ping is late until the next one. */
export const heartbeats = pgTable(
  "heartbeats",
  {
    id: id(),
    integrationId: uuid("integration_id")
      .notNull()
      .references(() => integrations.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    description: text("description").notNull().default(""),
    enabled: boolean("enabled").notNull().default(true),
    /** At most this long between two pings. */
    intervalSeconds: integer("interval_seconds").notNull(),
    alertMessage: text("alert_message"),
    alertSeverity: text("alert_severity").$type<(typeof alertSeverities)[number]>().notNull().default("error"),
    alertTags: jsonb("alert_tags").$type<string[]>().notNull().default([]),
    ownerTeam: text("owner_team"),
    /** Null until the first ping: only what has come once can go missing. */
    lastPingAt: instant("last_ping_at"),
    /** When the next ping is late; null when nothing is waited for. */
    dueAt: instant("due_at"),
    /** Since when it is missing. */
    missingAt: instant("missing_at"),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex("heartbeats_name_idx").on(t.integrationId, t.name),
    // Which are late?
    index("heartbeats_due_idx").on(t.dueAt),
  ],
);

/** One row per silence of the Alertmanager API. Ended ones stay for the list; nothing is ever deleted. */
export const silences = pgTable(
  "silences",
  {
    id: id(),
    integrationId: uuid("integration_id")
      .notNull()
      .references(() => integrations.id, { onDelete: "cascade" }),
    matchers: jsonb("matchers").$type<SilenceMatcher[]>().notNull(),
    startsAt: instant("starts_at").notNull(),
    endsAt: instant("ends_at").notNull(),
    createdBy: text("created_by").notNull(),
    comment: text("comment").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  // Which silences of an integration hold now?
  (t) => [index("silences_ends_idx").on(t.integrationId, t.endsAt.desc())],
);
