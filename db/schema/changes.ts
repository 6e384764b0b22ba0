import { sql } from "drizzle-orm";
import { index, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { type AlertLink, integrations } from "./alerts.ts";
import { id, instant } from "./columns.ts";
import { services } from "./services.ts";

/** One row per thing that was deployed or altered. Its state moves on; rows older than the retention are deleted. */
export const changes = pgTable(
  "changes",
  {
    id: id(),
    /** Null for those posted to the API. */
    integrationId: uuid("integration_id").references(() => integrations.id, { onDelete: "cascade" }),
    /** The kind of sender, or `api`. */
    source: text("source").notNull(),
    /** Tells what is the same change again: it counts within its integration. */
    dedupKey: text("dedup_key").notNull(),
    title: text("title").notNull(),
    description: text("description").notNull().default(""),
    /** `deploy`, `release`, `build`, `config`, `flag` or the sender's own word. */
    kind: text("kind").notNull(),
    /** `started`, `succeeded`, `failed` or the sender's own word; empty when it did not say. */
    state: text("state").notNull().default(""),
    serviceId: uuid("service_id").references(() => services.id, { onDelete: "set null" }),
    /** As the sender calls it; known or not. */
    serviceName: text("service_name"),
    by: text("by"),
    links: jsonb("links").$type<AlertLink[]>().notNull().default([]),
    labels: jsonb("labels").$type<Record<string, string>>().notNull().default({}),
    /** When it was first heard to begin. */
    startedAt: instant("started_at").notNull(),
    /** The time of its latest state: when it took effect, once it ended. */
    at: instant("at").notNull(),
    receivedAt: instant("received_at").notNull(),
  },
  (t) => [
    // Is this the same change again? Those of the API share one space of keys.
    uniqueIndex("changes_key_idx").on(
      sql`coalesce(${t.integrationId}, '00000000-0000-0000-0000-000000000000'::uuid)`,
      t.dedupKey,
    ),
    // The list, newest first, and what lies around an instant.
    index("changes_at_idx").on(t.at.desc(), t.id),
    index("changes_service_idx").on(t.serviceId, t.at.desc()),
  ],
);
