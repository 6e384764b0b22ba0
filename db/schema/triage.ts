import { integer, pgTable, uuid } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";
import { incidents } from "./incidents.ts";

/** One row per triage incident that people are told of: how far the telling is. */
export const tellings = pgTable("tellings", {
  incidentId: uuid("incident_id")
    .primaryKey()
    .references(() => incidents.id, { onDelete: "cascade" }),
  startedAt: instant("started_at").notNull(),
  /** The last wave that went out; 0 is the one of the opening. */
  wave: integer("wave").notNull().default(0),
  /** When the next one goes out; null when there is none. */
  nextAt: instant("next_at"),
  /** When somebody decided, or the last wave was over. */
  endedAt: instant("ended_at"),
});
