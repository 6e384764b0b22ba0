import { sql } from "drizzle-orm";
import {
  boolean,
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
import {
  alertSeverities,
  autoResolvePolicies,
  groupWindowKinds,
  routeOpenings,
} from "../../server/alerts/shared/lists.ts";
import { id, instant } from "./columns.ts";
import { incidents } from "./incidents.ts";
import { users } from "./people.ts";
import { services } from "./services.ts";

/** One row per alert route. The first enabled one whose condition holds decides; the default one is last and stays. */
export const alertRoutes = pgTable(
  "alert_routes",
  {
    id: id(),
    /** Routes are asked in this order; the default one is asked last whatever stands here. */
    position: integer("position").notNull(),
    name: text("name").notNull(),
    enabled: boolean("enabled").notNull().default(true),
    isDefault: boolean("is_default").notNull().default(false),
    /** CEL over the alert. */
    condition: text("condition").notNull(),
    setServiceId: uuid("set_service_id").references(() => services.id, { onDelete: "set null" }),
    setSeverity: text("set_severity", { enum: alertSeverities }),
    setTeam: text("set_team"),
    suppress: boolean("suppress").notNull().default(false),
    /** Fields whose values name the group; none: the service, or without one the alert's name. */
    groupBy: text("group_by").array().notNull().default(sql`'{}'::text[]`),
    /** Null: as long as the group's incident is open. */
    groupWindowMinutes: integer("group_window_minutes"),
    groupWindowKind: text("group_window_kind", { enum: groupWindowKinds }).notNull().default("fixed"),
    /** Below so many reports of a group within the time nothing is opened; both or neither are set. */
    thresholdCount: integer("threshold_count"),
    thresholdMinutes: integer("threshold_minutes"),
    debounceMinutes: integer("debounce_minutes").notNull(),
    /** Whether its alerts may join incidents of related services. */
    correlate: boolean("correlate").notNull().default(true),
    opens: text("opens", { enum: routeOpenings }).notNull().default("triage"),
    autoResolve: text("auto_resolve", { enum: autoResolvePolicies }).notNull().default("never"),
    /** Null: as the source is known to behave. */
    staleAfterMinutes: integer("stale_after_minutes"),
    /** Who hears of what it opens, beside the organisation's and the service's lists. */
    tellEmails: text("tell_emails").array().notNull().default(sql`'{}'::text[]`),
    tellSealed: text("tell_sealed"),
    /** Counts changes. */
    version: integer("version").notNull().default(1),
    createdAt: instant("created_at").notNull().defaultNow(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (t) => [
    // There is one default route.
    uniqueIndex("alert_routes_default_idx").on(t.isDefault).where(sql`${t.isDefault}`),
    check("alert_routes_threshold_is_whole", sql`(${t.thresholdCount} is null) = (${t.thresholdMinutes} is null)`),
  ],
);

/** One row: counts changes of routes, mutes and silences, so that what was read of them once is read again. */
export const alertRouting = pgTable("alert_routing", {
  name: text("name").primaryKey(),
  revision: integer("revision").notNull(),
});

/** What alerts of a group have in common with others: values of the labels that say where, and alert names. */
export type GroupEvidence = { labels: Record<string, string[]>; names: string[] };

/** One row per group of alerts that ever came: which incident it opened or joined last. */
export const alertGroups = pgTable(
  "alert_groups",
  {
    key: text("key").primaryKey(),
    /** Null while the group waits for its threshold. */
    incidentId: uuid("incident_id").references(() => incidents.id, { onDelete: "cascade" }),
    serviceId: uuid("service_id").references(() => services.id, { onDelete: "set null" }),
    /** The start of the first and of the last alert in this incident. */
    openedAt: instant("opened_at").notNull(),
    lastAt: instant("last_at").notNull(),
    /** When reports came, for the threshold of a route; epoch milliseconds, as many as the threshold counts. */
    recent: jsonb("recent").$type<number[]>().notNull().default([]),
    evidence: jsonb("evidence").$type<GroupEvidence>().notNull(),
  },
  // Which groups does an open incident hold?
  (t) => [index("alert_groups_incident_idx").on(t.incidentId)],
);

/** One row per end that came before its start: a firing that is older than it opens nothing. Kept for a day. */
export const alertEnds = pgTable(
  "alert_ends",
  {
    integrationId: uuid("integration_id").notNull(),
    dedupKey: text("dedup_key").notNull(),
    endedAt: instant("ended_at").notNull(),
    receivedAt: instant("received_at").notNull(),
  },
  (t) => [primaryKey({ columns: [t.integrationId, t.dedupKey] }), index("alert_ends_received_idx").on(t.receivedAt)],
);

/** One row per mute or maintenance: from and until when which alerts are kept quiet. Ended ones stay. */
export const alertMutes = pgTable(
  "alert_mutes",
  {
    id: id(),
    /** CEL over the alert; null: every alert of the services. */
    condition: text("condition"),
    /** Which services; none: the condition alone decides. */
    serviceIds: uuid("service_ids").array().notNull().default(sql`'{}'::uuid[]`),
    fromAt: instant("from_at").notNull(),
    untilAt: instant("until_at").notNull(),
    reason: text("reason").notNull(),
    createdById: uuid("created_by_id").references(() => users.id, { onDelete: "set null" }),
    createdByName: text("created_by_name").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  // Which mutes are on, or will be?
  (t) => [index("alert_mutes_until_idx").on(t.untilAt)],
);
