import { index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { notificationKinds } from "../../server/notifications/shared/lists.ts";
import { id, instant } from "./columns.ts";
import { ofIncident } from "./incidents.ts";
import { ofPerson, users } from "./people.ts";

/**
 * One row per person who ever entered a room: when they came last, and since when they are gone.
 * A crash leaves no time of leaving; the next start writes its own, so that nobody counts as absent too early.
 */
export const incidentPresence = pgTable(
  "incident_presence",
  {
    incidentId: ofIncident(),
    userId: ofPerson(),
    joinedAt: instant("joined_at").notNull(),
    /** Null while they are in the room. */
    leftAt: instant("left_at"),
    /** Since when nobody has touched any tab of theirs; null while they are at it. */
    idleSince: instant("idle_since"),
  },
  (t) => [primaryKey({ columns: [t.incidentId, t.userId] })],
);

/** One row per role that an incident needs and nobody holds; gone as soon as somebody does, or the incident ends. */
export const roleReminders = pgTable(
  "role_reminders",
  {
    incidentId: ofIncident(),
    role: text("role").notNull(),
    missingSince: instant("missing_since").notNull(),
    /** How many reminders went out. */
    reminded: integer("reminded").notNull().default(0),
    /** Null after the last one. */
    nextAt: instant("next_at"),
  },
  (t) => [primaryKey({ columns: [t.incidentId, t.role] })],
);

/** One row per person asked to come to an incident; asking again counts up and starts anew. */
export const invitations = pgTable(
  "invitations",
  {
    id: id(),
    incidentId: ofIncident(),
    userId: ofPerson(),
    /** Whose people were asked, when it was a service. */
    serviceName: text("service_name"),
    message: text("message").notNull().default(""),
    invitedById: uuid("invited_by_id").references(() => users.id, { onDelete: "set null" }),
    invitedByName: text("invited_by_name").notNull(),
    invitedAt: instant("invited_at").notNull(),
    times: integer("times").notNull().default(1),
    /** When the first channel took it, and which. */
    deliveredAt: instant("delivered_at"),
    deliveredBy: text("delivered_by"),
    seenAt: instant("seen_at"),
    joinedAt: instant("joined_at"),
    declinedAt: instant("declined_at"),
    declineReason: text("decline_reason").notNull().default(""),
  },
  (t) => [uniqueIndex("invitations_person_idx").on(t.incidentId, t.userId)],
);

/** One row per thing that one person should hear of. What left the building for it is in `deliveries`. */
export const notifications = pgTable(
  "notifications",
  {
    id: id(),
    userId: ofPerson(),
    incidentId: ofIncident(),
    kind: text("kind", { enum: notificationKinds }).notNull(),
    /** What it is about, as `role:commander`: when that is settled, nothing more is sent. */
    subject: text("subject").notNull(),
    /** What made it; the same cause never tells the same person twice. */
    cause: text("cause").notNull(),
    title: text("title").notNull(),
    body: text("body").notNull().default(""),
    /** The entry of the timeline that it leads to. */
    entryId: uuid("entry_id"),
    createdAt: instant("created_at").notNull(),
    /** When a browser of theirs got it. */
    shownAt: instant("shown_at"),
    seenAt: instant("seen_at"),
    /** Somebody else did it, or it was taken back. */
    settledAt: instant("settled_at"),
    /** Why nothing left the building for it, when nothing did. */
    withheld: text("withheld"),
  },
  (t) => [
    uniqueIndex("notifications_cause_idx").on(t.userId, t.cause),
    // The bell reads the newest of one person.
    index("notifications_user_idx").on(t.userId, t.createdAt.desc(), t.id),
    index("notifications_subject_idx").on(t.incidentId, t.subject),
  ],
);
