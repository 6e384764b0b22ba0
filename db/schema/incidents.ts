import { sql } from "drizzle-orm";
import {
  type AnyPgColumn,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from "drizzle-orm/pg-core";
import { incidentModes, incidentStatuses, severities, visibilities } from "../../server/incidents/shared/lists.ts";
import { id, instant } from "./columns.ts";
import { ofPerson, users } from "./people.ts";
import { services } from "./services.ts";

export type IncidentLink = { kind: string; title: string; url: string };

/** One row per incident: its present state. History is in timeline_entries, whose events are never updated. */
export const incidents = pgTable(
  "incidents",
  {
    id: id(),
    reference: text("reference").notNull(),
    title: text("title").notNull(),
    status: text("status", { enum: incidentStatuses }).notNull(),
    severity: text("severity", { enum: severities }),
    /** What the alerts suggest while nobody has chosen. */
    suggestedSeverity: text("suggested_severity", { enum: severities }),
    type: text("type").notNull().default("incident"),
    mode: text("mode", { enum: incidentModes }).notNull().default("live"),
    visibility: text("visibility", { enum: visibilities }).notNull().default("public"),
    /** The projection of the shared document `summary`. */
    summary: text("summary").notNull().default(""),
    impactText: text("impact_text").notNull().default(""),
    hypothesis: text("hypothesis").notNull().default(""),
    resolution: text("resolution").notNull().default(""),
    links: jsonb("links").$type<IncidentLink[]>().notNull().default([]),
    customFields: jsonb("custom_fields").$type<Record<string, unknown>>().notNull().default({}),
    /** Counts changes of the fields that PATCH takes; the ETag. */
    version: integer("version").notNull().default(1),
    /** The last sequence number given out: every change that the room shows takes the next one. */
    lastSeq: integer("last_seq").notNull().default(0),
    mergedIntoId: uuid("merged_into_id").references((): AnyPgColumn => incidents.id),
    /** The status before a merge or decline, for its undoing. */
    statusBefore: text("status_before", { enum: incidentStatuses }),
    declineReason: text("decline_reason"),
    createdById: uuid("created_by_id").references(() => users.id, { onDelete: "set null" }),
    declaredAt: instant("declared_at").notNull().defaultNow(),
    acceptedAt: instant("accepted_at"),
    impactStartedAt: instant("impact_started_at"),
    detectedAt: instant("detected_at"),
    acknowledgedAt: instant("acknowledged_at"),
    mitigatedAt: instant("mitigated_at"),
    impactEndedAt: instant("impact_ended_at"),
    resolvedAt: instant("resolved_at"),
    closedAt: instant("closed_at"),
    nextUpdateDueAt: instant("next_update_due_at"),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (t) => [
    uniqueIndex("incidents_reference_idx").on(t.reference),
    // The home page asks for the open incidents, newest first.
    index("incidents_open_idx")
      .on(t.declaredAt.desc())
      .where(sql`${t.status} in ('triage', 'investigating', 'identified', 'monitoring')`),
    index("incidents_declared_idx").on(t.declaredAt.desc(), t.id),
    check(
      "incidents_resolved_at_matches_status",
      sql`(${t.status} not in ('resolved', 'closed')) or (${t.resolvedAt} is not null)`,
    ),
    check("incidents_merged_names_target", sql`(${t.status} = 'merged') = (${t.mergedIntoId} is not null)`),
  ],
);

/** The incident that a row is part of, and goes with. */
export const ofIncident = () =>
  uuid("incident_id")
    .notNull()
    .references(() => incidents.id, { onDelete: "cascade" });

/** One row: the last number given to a reference. Locked while the next is drawn, so none is used twice. */
export const incidentCounter = pgTable("incident_counter", {
  name: text("name").primaryKey(),
  last: integer("last").notNull(),
});

/** One row per service that an incident touches. */
export const incidentServices = pgTable(
  "incident_services",
  {
    incidentId: ofIncident(),
    serviceId: uuid("service_id")
      .notNull()
      .references(() => services.id, { onDelete: "cascade" }),
  },
  // The pipeline asks for the open incident of a service.
  (t) => [primaryKey({ columns: [t.incidentId, t.serviceId] }), index("incident_services_service_idx").on(t.serviceId)],
);

/** One row per person who may see a private incident. */
export const incidentMembers = pgTable(
  "incident_members",
  {
    incidentId: ofIncident(),
    userId: ofPerson(),
    addedAt: instant("added_at").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.incidentId, t.userId] }), index("incident_members_user_idx").on(t.userId)],
);
