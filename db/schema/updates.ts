import { sql } from "drizzle-orm";
import { boolean, check, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import type { ComponentStatus } from "../../server/audience/shared/lists.ts";
import type { Severity } from "../../server/incidents/shared/lists.ts";
import {
  audiences,
  type Channel,
  dataLosses,
  deliveryStates,
  impacts,
  outboundChannels,
  type UpdateStatus,
  updateStatuses,
  type Wordings,
} from "../../server/updates/shared/lists.ts";
import { destinations } from "./audiences.ts";
import { id, instant } from "./columns.ts";
import type { ComponentChange } from "./components.ts";
import { incidents, ofIncident } from "./incidents.ts";
import { maintenances } from "./maintenance.ts";
import { users } from "./people.ts";
import { notifications } from "./reach.ts";

/** One row per incident that the public knows of: what the page says about it, and nothing more. */
export const publicIncidents = pgTable(
  "public_incidents",
  {
    incidentId: uuid("incident_id")
      .primaryKey()
      .references(() => incidents.id, { onDelete: "cascade" }),
    /** Random, given at the first publish. */
    publicId: text("public_id").notNull(),
    title: text("title").notNull(),
    impact: text("impact", { enum: impacts }).notNull(),
    status: text("status", { enum: updateStatuses }).notNull(),
    /** Components it touches now: internal id to public state. */
    components: jsonb("components").$type<Record<string, ComponentStatus>>().notNull().default({}),
    startedAt: instant("started_at").notNull(),
    monitoringAt: instant("monitoring_at"),
    resolvedAt: instant("resolved_at"),
    createdAt: instant("created_at").notNull(),
    updatedAt: instant("updated_at").notNull(),
  },
  (t) => [
    uniqueIndex("public_incidents_public_id_idx").on(t.publicId),
    index("public_incidents_created_idx").on(t.createdAt.desc()),
  ],
);

/** One row per update sent to stakeholders. A correction changes `body` and `wordings` and says so; nothing else is edited. */
export const updates = pgTable(
  "updates",
  {
    id: id(),
    incidentId: ofIncident(),
    publicId: text("public_id").notNull(),
    audience: text("audience", { enum: audiences }).notNull(),
    status: text("status", { enum: updateStatuses }).notNull(),
    title: text("title"),
    body: text("body").notNull(),
    /** What a channel says instead of `body`. */
    wordings: jsonb("wordings").$type<Wordings>().notNull().default({}),
    channels: jsonb("channels").$type<Channel[]>().notNull(),
    /** When readers were promised to hear again. */
    nextUpdateAt: instant("next_update_at"),
    components: jsonb("components").$type<ComponentChange[]>().notNull().default([]),
    /** Of a resolving update: whether data was lost; null when nobody was asked. */
    dataLost: text("data_lost", { enum: dataLosses }),
    publishedById: uuid("published_by_id").references(() => users.id, { onDelete: "set null" }),
    publishedByName: text("published_by_name").notNull(),
    publishedAt: instant("published_at").notNull(),
    correctedAt: instant("corrected_at"),
    /** The named audiences it went to, as they were called then. */
    audiences: jsonb("audiences").$type<{ id: string; name: string }[]>().notNull().default([]),
  },
  (t) => [
    uniqueIndex("updates_public_id_idx").on(t.publicId),
    index("updates_incident_idx").on(t.incidentId, t.publishedAt),
  ],
);

/** One row per incident with an open draft: what is chosen beside its text, which is the shared document `update`. */
export const updateDrafts = pgTable("update_drafts", {
  incidentId: uuid("incident_id")
    .primaryKey()
    .references(() => incidents.id, { onDelete: "cascade" }),
  /** The fields that somebody changed; the others follow the incident. */
  fields: jsonb("fields").$type<Record<string, unknown>>().notNull(),
  changedByName: text("changed_by_name").notNull(),
  changedAt: instant("changed_at").notNull(),
});

/** One row per template of updates. While there is none, the shipped ones apply. */
export const updateTemplates = pgTable("update_templates", {
  /** A shipped one keeps its word, the others have a UUID. */
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  body: text("body").notNull(),
  /** Empty means any. */
  severities: jsonb("severities").$type<Severity[]>().notNull(),
  /** Empty means any. */
  statuses: jsonb("statuses").$type<UpdateStatus[]>().notNull(),
  /** Offered as the first word. */
  isHolding: boolean("is_holding").notNull().default(false),
  position: integer("position").notNull(),
  createdAt: instant("created_at").notNull(),
  updatedAt: instant("updated_at").notNull(),
});

/** One row per message that has to leave the building: the outbox, and the proof of delivery. Its id is the idempotency key. */
export const deliveries = pgTable(
  "deliveries",
  {
    id: id(),
    /** Null for news of a maintenance. */
    incidentId: uuid("incident_id").references(() => incidents.id, { onDelete: "cascade" }),
    maintenanceId: uuid("maintenance_id").references(() => maintenances.id, { onDelete: "cascade" }),
    /** Null for what is not an update: the word that a triage incident opened. */
    updateId: uuid("update_id").references(() => updates.id, { onDelete: "cascade" }),
    kind: text("kind").notNull(),
    channel: text("channel", { enum: outboundChannels }).notNull(),
    /** An address, a Slack channel, `status_page`, or what people see of a pager or webhook: never its key. */
    destination: text("destination").notNull(),
    subscriberId: uuid("subscriber_id"),
    /** The place it goes to, when that is one of `destinations`; null again once the place is deleted. */
    destinationId: uuid("destination_id").references(() => destinations.id, { onDelete: "set null" }),
    /** Set when it tells one person of something. */
    notificationId: uuid("notification_id").references(() => notifications.id, { onDelete: "cascade" }),
    payload: jsonb("payload").$type<Record<string, unknown>>().notNull().default({}),
    state: text("state", { enum: deliveryStates }).notNull().default("queued"),
    attempts: integer("attempts").notNull().default(0),
    nextAttemptAt: instant("next_attempt_at"),
    lastError: text("last_error"),
    /** What the other side calls it: Slack's ts, the Message-ID. */
    providerId: text("provider_id"),
    createdAt: instant("created_at").notNull().defaultNow(),
    sentAt: instant("sent_at"),
  },
  (t) => [
    index("deliveries_update_idx").on(t.updateId),
    index("deliveries_incident_idx").on(t.incidentId, t.createdAt),
    // The last deliveries of a destination.
    index("deliveries_destination_idx").on(t.destinationId, t.createdAt.desc(), t.id),
    // A destination hears of an update once, however many audiences name it.
    uniqueIndex("deliveries_update_destination_idx").on(t.updateId, t.destinationId).where(sql`${t.kind} = 'update'`),
    // What else went to the same place, before or after.
    index("deliveries_place_idx").on(t.incidentId, t.channel, t.destination),
    // A bounce names the mail that came back by its Message-ID.
    index("deliveries_provider_idx").on(t.providerId),
    index("deliveries_maintenance_idx").on(t.maintenanceId, t.createdAt),
    check("deliveries_have_one_subject", sql`(${t.incidentId} is null) <> (${t.maintenanceId} is null)`),
    // One message a channel for each notification.
    uniqueIndex("deliveries_notification_idx").on(t.notificationId, t.channel),
  ],
);

/** One row per address that hears about the status page. */
export const subscribers = pgTable(
  "subscribers",
  {
    id: id(),
    email: text("email").notNull(),
    /** Component ids; empty means every public update. */
    components: text("components").array().notNull().default(sql`'{}'::text[]`),
    /** Internal followers get internal updates too. */
    internal: boolean("internal").notNull().default(false),
    createdAt: instant("created_at").notNull().defaultNow(),
    confirmedAt: instant("confirmed_at"),
    unsubscribedAt: instant("unsubscribed_at"),
  },
  (t) => [uniqueIndex("subscribers_email_idx").on(sql`lower(${t.email})`)],
);
