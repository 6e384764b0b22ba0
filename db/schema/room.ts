import { sql } from "drizzle-orm";
import { check, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { taskStatuses } from "../../server/tasks/shared/lists.ts";
import { entryKinds, noteMarks } from "../../server/timeline/shared/lists.ts";
import { id, instant } from "./columns.ts";
import { ofIncident } from "./incidents.ts";
import { users } from "./people.ts";

/**
 * One row per entry of a timeline. An event is written by the system and never edited;
 * a note's `body` is the projection of the shared document `notes`, where people write it.
 */
export const timelineEntries = pgTable(
  "timeline_entries",
  {
    id: id(),
    incidentId: ofIncident(),
    /** Given under the incident's row lock: the order of commit. */
    seq: integer("seq").notNull(),
    kind: text("kind", { enum: entryKinds }).notNull(),
    /** `incident.resolved` and the like; `note` for notes. */
    type: text("type").notNull(),
    /** When it happened, as far as anybody knows. */
    at: instant("at").notNull(),
    recordedAt: instant("recorded_at").notNull().defaultNow(),
    actorId: uuid("actor_id").references(() => users.id, { onDelete: "set null" }),
    actorName: text("actor_name").notNull(),
    data: jsonb("data").$type<Record<string, unknown>>().notNull().default({}),
    /** Markdown; only notes have one. */
    body: text("body"),
    editedAt: instant("edited_at"),
    /** A tombstone: the entry stays, its body is gone. */
    deletedAt: instant("deleted_at"),
    /** What a note stands for; only notes have one. */
    mark: text("mark", { enum: noteMarks }),
    markedAt: instant("marked_at"),
    markedById: uuid("marked_by_id").references(() => users.id, { onDelete: "set null" }),
    markedByName: text("marked_by_name"),
    pinnedAt: instant("pinned_at"),
    pinnedById: uuid("pinned_by_id").references(() => users.id, { onDelete: "set null" }),
    pinnedByName: text("pinned_by_name"),
  },
  (t) => [
    // Catch-up and cursors go by sequence number.
    uniqueIndex("timeline_entries_seq_idx").on(t.incidentId, t.seq),
    // The room asks for the few that are pinned, the postmortem for those that are marked.
    index("timeline_entries_kept_idx").on(t.incidentId).where(sql`${t.pinnedAt} is not null or ${t.mark} is not null`),
    check("timeline_entries_mark_is_a_notes", sql`${t.mark} is null or ${t.kind} = 'note'`),
    check("timeline_entries_body_is_a_notes", sql`(${t.kind} = 'note') = (${t.body} is not null)`),
  ],
);

/** One row per role that somebody holds or was offered; a role without a row is open. */
export const rosterRoles = pgTable(
  "roster_roles",
  {
    incidentId: ofIncident(),
    role: text("role").notNull(),
    holderId: uuid("holder_id").references(() => users.id, { onDelete: "set null" }),
    heldSince: instant("held_since"),
    /** The offerer keeps the role until this person accepts. */
    offeredToId: uuid("offered_to_id").references(() => users.id, { onDelete: "set null" }),
    offeredAt: instant("offered_at"),
  },
  (t) => [primaryKey({ columns: [t.incidentId, t.role] })],
);

/** One row per task in an incident: one named person, a time box, and whether that person has it. */
export const tasks = pgTable(
  "tasks",
  {
    id: id(),
    incidentId: ofIncident(),
    title: text("title").notNull(),
    status: text("status", { enum: taskStatuses }).notNull().default("open"),
    ownerId: uuid("owner_id").references(() => users.id, { onDelete: "set null" }),
    /** When the time box ends. */
    dueAt: instant("due_at"),
    /** When the end of this time box was told; a new box has not been told. */
    overdueAt: instant("overdue_at"),
    /** When its owner said so; a new owner has not. */
    acknowledgedAt: instant("acknowledged_at"),
    createdById: uuid("created_by_id").references(() => users.id, { onDelete: "set null" }),
    createdAt: instant("created_at").notNull().defaultNow(),
    doneAt: instant("done_at"),
    doneById: uuid("done_by_id").references(() => users.id, { onDelete: "set null" }),
    /** Which runbook it was made from, and the step as it stood there: a second press adds only what is new. */
    runbookId: text("runbook_id"),
    runbookStep: text("runbook_step"),
    /** Its place among the tasks that were made with it. */
    position: integer("position").notNull().default(0),
  },
  (t) => [
    index("tasks_incident_idx").on(t.incidentId, t.createdAt),
    // A step becomes a task once.
    uniqueIndex("tasks_runbook_step_idx").on(t.incidentId, t.runbookId, t.runbookStep),
  ],
);
