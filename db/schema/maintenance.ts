import { sql } from "drizzle-orm";
import { boolean, check, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { type MaintenanceChannel, maintenanceStatuses } from "../../server/maintenance/shared/lists.ts";
import { alertMutes } from "./alert-routes.ts";
import { id, instant } from "./columns.ts";
import type { ComponentChange } from "./components.ts";
import { users } from "./people.ts";

/** One row per piece of planned work that the public is told of before: its present state. What was said is in its updates. */
export const maintenances = pgTable(
  "maintenances",
  {
    id: id(),
    /** Random base-36, the only id the public sees. */
    publicId: text("public_id").notNull(),
    title: text("title").notNull(),
    status: text("status", { enum: maintenanceStatuses }).notNull().default("scheduled"),
    /** Ids of components; one that left the page stays named here and counts no more. */
    componentIds: uuid("component_ids").array().notNull().default(sql`'{}'::uuid[]`),
    fromAt: instant("from_at").notNull(),
    untilAt: instant("until_at").notNull(),
    /** The last so many minutes are for looking whether all is well. */
    verifyMinutes: integer("verify_minutes").notNull().default(0),
    /** Minutes before the start at which subscribers hear of it again. */
    reminders: integer("reminders").array().notNull().default(sql`'{}'::integer[]`),
    /** Those of `reminders` that are over: sent, or too late when it was planned. */
    reminded: integer("reminded").array().notNull().default(sql`'{}'::integer[]`),
    /** Where its news go beside the status page. */
    channels: jsonb("channels").$type<MaintenanceChannel[]>().notNull().default([]),
    /** Services whose alerts stay quiet meanwhile, by the mute. */
    muteServiceIds: uuid("mute_service_ids").array().notNull().default(sql`'{}'::uuid[]`),
    muteId: uuid("mute_id").references(() => alertMutes.id, { onDelete: "set null" }),
    createdById: uuid("created_by_id").references(() => users.id, { onDelete: "set null" }),
    createdByName: text("created_by_name").notNull(),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
    startedAt: instant("started_at"),
    /** When it was completed or cancelled. */
    endedAt: instant("ended_at"),
  },
  (t) => [
    uniqueIndex("maintenances_public_id_idx").on(t.publicId),
    // What is on, or comes next?
    index("maintenances_from_idx").on(t.fromAt.desc()),
    check("maintenances_window_has_length", sql`${t.untilAt} > ${t.fromAt}`),
    check(
      "maintenances_end_matches_status",
      sql`(${t.status} in ('completed', 'cancelled')) = (${t.endedAt} is not null)`,
    ),
  ],
);

/** One row per thing that was said about a maintenance in public. A correction changes `body` and says so. */
export const maintenanceUpdates = pgTable(
  "maintenance_updates",
  {
    id: id(),
    maintenanceId: uuid("maintenance_id")
      .notNull()
      .references(() => maintenances.id, { onDelete: "cascade" }),
    publicId: text("public_id").notNull(),
    status: text("status", { enum: maintenanceStatuses }).notNull(),
    body: text("body").notNull(),
    components: jsonb("components").$type<ComponentChange[]>().notNull().default([]),
    /** Whether it was sent to the maintenance's channels, not to the page alone. */
    isNotified: boolean("is_notified").notNull(),
    publishedById: uuid("published_by_id").references(() => users.id, { onDelete: "set null" }),
    publishedByName: text("published_by_name").notNull(),
    publishedAt: instant("published_at").notNull(),
    correctedAt: instant("corrected_at"),
  },
  (t) => [
    uniqueIndex("maintenance_updates_public_id_idx").on(t.publicId),
    index("maintenance_updates_of_idx").on(t.maintenanceId, t.publishedAt),
  ],
);
