import { date, index, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { postmortemStates } from "../../server/postmortem/shared/lists.ts";
import { id, instant } from "./columns.ts";
import { incidents, ofIncident } from "./incidents.ts";
import { users } from "./people.ts";
import { tasks, timelineEntries } from "./room.ts";

/** One row per postmortem; its text is the shared document `postmortem`. */
export const postmortems = pgTable("postmortems", {
  incidentId: uuid("incident_id")
    .primaryKey()
    .references(() => incidents.id, { onDelete: "cascade" }),
  state: text("state", { enum: postmortemStates }).notNull().default("draft"),
  createdAt: instant("created_at").notNull().defaultNow(),
});

/** One row per thing to do after the incident. */
export const actionItems = pgTable(
  "action_items",
  {
    id: id(),
    incidentId: ofIncident(),
    title: text("title").notNull(),
    /** The incident's task that was left and became this. */
    taskId: uuid("task_id").references(() => tasks.id, { onDelete: "set null" }),
    ownerId: uuid("owner_id").references(() => users.id, { onDelete: "set null" }),
    /** A calendar day in the organisation's time zone. */
    dueOn: date("due_on", { mode: "string" }),
    doneAt: instant("done_at"),
    createdAt: instant("created_at").notNull().defaultNow(),
    /** The note that it follows up. */
    entryId: uuid("entry_id").references(() => timelineEntries.id, { onDelete: "set null" }),
  },
  (t) => [
    index("action_items_incident_idx").on(t.incidentId),
    // A task becomes an action item once.
    uniqueIndex("action_items_task_idx").on(t.taskId),
    // One note is followed up once.
    uniqueIndex("action_items_entry_idx").on(t.entryId),
  ],
);
