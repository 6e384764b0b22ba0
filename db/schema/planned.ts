import { sql } from "drizzle-orm";
import { boolean, check, index, integer, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { incidentStatuses } from "../../server/incidents/shared/lists.ts";
import { paces } from "../../server/updates/shared/cadence.ts";
import { audiences } from "../../server/updates/shared/lists.ts";
import { approvalRules, plannedKinds, plannedStates } from "../../server/updates/shared/planned.ts";
import { id, instant } from "./columns.ts";
import { incidents, ofIncident } from "./incidents.ts";
import { users } from "./people.ts";
import { updates } from "./updates.ts";

/** One row per update or correction that waits for approval, for its time, or for both; kept after it went out. */
export const plannedUpdates = pgTable(
  "planned_updates",
  {
    id: id(),
    incidentId: ofIncident(),
    kind: text("kind", { enum: plannedKinds }).notNull(),
    audience: text("audience", { enum: audiences }).notNull(),
    /** What will be published, as the API takes it. */
    content: jsonb("content").$type<Record<string, unknown>>().notNull(),
    /** What was asked for before the last change of it. */
    contentBefore: jsonb("content_before").$type<Record<string, unknown>>(),
    /** The update that a correction is of. */
    correctsId: uuid("corrects_id").references(() => updates.id, { onDelete: "cascade" }),
    /** Counts the texts: an approval is for the one that was read. */
    version: integer("version").notNull().default(1),
    state: text("state", { enum: plannedStates }).notNull(),
    /** The incident's status when it was asked for: what moved on meanwhile is not overwritten. */
    incidentStatus: text("incident_status", { enum: incidentStatuses }).notNull(),
    /** Null: as soon as it may. */
    publishAt: instant("publish_at"),
    /** Whose text it is: whoever changed it last. */
    askedById: uuid("asked_by_id").references(() => users.id, { onDelete: "set null" }),
    askedByName: text("asked_by_name").notNull(),
    askedAt: instant("asked_at").notNull(),
    approvedById: uuid("approved_by_id").references(() => users.id, { onDelete: "set null" }),
    approvedByName: text("approved_by_name"),
    approvedAt: instant("approved_at"),
    /** The rule that the approval satisfied. */
    approvedRule: text("approved_rule", { enum: approvalRules }),
    /** Set when it goes out without the approval that it needed; then the approver's fields say who took it upon them. */
    isBypassed: boolean("is_bypassed").notNull().default(false),
    /** Why it was declined, refused, or went out without approval. */
    reason: text("reason").notNull().default(""),
    endedByName: text("ended_by_name"),
    endedAt: instant("ended_at"),
    publishedId: uuid("published_id").references(() => updates.id, { onDelete: "set null" }),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [
    // The room asks for those that somebody has something to do about.
    index("planned_updates_open_idx")
      .on(t.incidentId, t.createdAt)
      .where(sql`${t.state} in ('waiting', 'scheduled', 'declined', 'refused')`),
    check("planned_updates_scheduled_has_time", sql`${t.state} <> 'scheduled' or ${t.publishAt} is not null`),
    check("planned_updates_correction_names_update", sql`(${t.kind} = 'correction') = (${t.correctsId} is not null)`),
  ],
);

/** One row per incident whose next update is due some time: by what pace, and how far its reminders are. */
export const updateClocks = pgTable("update_clocks", {
  incidentId: uuid("incident_id")
    .primaryKey()
    .references(() => incidents.id, { onDelete: "cascade" }),
  pace: text("pace", { enum: paces }).notNull().default("usual"),
  /** Somebody said when people hear again, or that they do not: the clock leaves that alone until then. */
  isPromised: boolean("is_promised").notNull().default(false),
  /** When the time that runs began: the last word, or when work began. */
  startedAt: instant("started_at").notNull(),
  /** Whether people heard anything yet. */
  hasSpoken: boolean("has_spoken").notNull().default(false),
  /** The instant that the reminders below are about. */
  dueAt: instant("due_at"),
  /** How many of the steps were taken. */
  reminded: integer("reminded").notNull().default(0),
  /** When the next step is; null after the last, and while nothing is due. */
  nextAt: instant("next_at"),
});
