import { sql } from "drizzle-orm";
import { boolean, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { type AlertSeverity, alertSeverities, alertStatuses, intakeStates } from "../../server/alerts/shared/lists.ts";
import { alertRoutes } from "./alert-routes.ts";
import { bytes, id, instant } from "./columns.ts";
import { incidents } from "./incidents.ts";
import { services } from "./services.ts";

export type AlertLink = { kind: string; title: string; url: string };
/** Why an alert is where it is: the rule that decided, the words for people, and what the rule went by. */
export type AlertExplanation = {
  rule: string;
  text: string;
  at: string;
  route?: { id: string; name: string };
  group?: string;
  window?: string;
  mute?: { id: string; kind: "mute" | "silence" };
  /** What was decided on the way, in order. */
  steps?: { rule: string; text: string }[];
};
/** How an alert ended: by the sender, a person, a timer; in words for people. */
export type AlertEnding = { rule: string; text: string; at: string };
/** What a route changed, as it was reported; what it left alone is not in it. */
export type AsReported = { severity?: AlertSeverity; service?: { id: string; name: string } | null };
/** What the sender's own API says of an alert, fetched after it came; or why it could not be. */
export type AlertDetails = { state: "fetched" | "failed"; text: string; links: AlertLink[]; at: string };
export type IntakeAlert = { id: string; rule: string; incident: string | null };

/** One row per place that alerts come from. Its key is in the sender's URL. */
export const integrations = pgTable(
  "integrations",
  {
    id: id(),
    name: text("name").notNull(),
    /** The kind of sender, which names the adapter. */
    source: text("source").notNull(),
    /** SHA-256 of the key, hex: what a request is looked up by. */
    keyHash: text("key_hash").notNull(),
    /** The key, encrypted, so that its URL can be shown again to an administrator. */
    keySealed: text("key_sealed").notNull(),
    enabled: boolean("enabled").notNull().default(true),
    /** Which service its alerts belong to when they name none. */
    serviceId: uuid("service_id").references(() => services.id, { onDelete: "set null" }),
    /** How a custom source is read; null for the sources that have a file. */
    mapping: jsonb("mapping").$type<object>(),
    /** What deliveries are signed with, encrypted. */
    secretSealed: text("secret_sealed"),
    /** Where each delivery is passed on to, unchanged, encrypted: old pagers keep their keys in their URLs. */
    forwardUrlSealed: text("forward_url_sealed"),
    /** A token for the sender's own API, encrypted: details are fetched, and ends are told, with it. */
    sourceTokenSealed: text("source_token_sealed"),
    /** The SNS topic whose signature held first: from then on only its signed messages are taken. */
    snsTopic: text("sns_topic"),
    createdAt: instant("created_at").notNull().defaultNow(),
    lastReceivedAt: instant("last_received_at"),
    deletedAt: instant("deleted_at"),
  },
  (t) => [uniqueIndex("integrations_key_idx").on(t.keyHash)],
);

/** One row per inbound delivery, kept as it came. Written before it is acknowledged. */
export const intakes = pgTable(
  "intakes",
  {
    id: id(),
    integrationId: uuid("integration_id")
      .notNull()
      .references(() => integrations.id, { onDelete: "cascade" }),
    receivedAt: instant("received_at").notNull().defaultNow(),
    /** By which source it is read: its path decides, else its integration. */
    source: text("source").notNull(),
    /** What its path says besides the key: a routing key, a provider, an action. */
    route: jsonb("route").$type<Record<string, string>>().notNull().default({}),
    /** The headers that say what was sent. */
    headers: jsonb("headers").$type<Record<string, string>>().notNull().default({}),
    contentType: text("content_type").notNull().default(""),
    /** The query string of the request, without secrets. */
    query: text("query").notNull().default(""),
    body: bytes("body").notNull(),
    /** Tells a repeat: the sender's delivery id, else SHA-256 of query and body. */
    repeatKey: text("repeat_key").notNull(),
    state: text("state", { enum: intakeStates }).notNull().default("stored"),
    /** How many alerts the pure split counted before the answer. */
    accepted: integer("accepted").notNull().default(0),
    recognised: boolean("recognised").notNull().default(true),
    alerts: jsonb("alerts").$type<IntakeAlert[]>().notNull().default([]),
    error: text("error"),
    processedAt: instant("processed_at"),
    /** Somebody looked at it in the inbox and needs it there no longer. */
    dismissedAt: instant("dismissed_at"),
  },
  (t) => [
    // Is this the same delivery again?
    index("intakes_repeat_idx").on(t.integrationId, t.repeatKey, t.receivedAt.desc()),
    // The last deliveries of an integration, to map them.
    index("intakes_integration_idx").on(t.integrationId, t.receivedAt.desc()),
    // The inbox of deliveries shows what failed or was not recognised, newest first.
    index("intakes_inbox_idx")
      .on(t.receivedAt.desc())
      .where(sql`(${t.state} = 'failed' or not ${t.recognised}) and ${t.dismissedAt} is null`),
  ],
);

/** One row per problem that a sender reported, from its first firing to its end. */
export const alerts = pgTable(
  "alerts",
  {
    id: id(),
    integrationId: uuid("integration_id")
      .notNull()
      .references(() => integrations.id, { onDelete: "cascade" }),
    source: text("source").notNull(),
    dedupKey: text("dedup_key").notNull(),
    title: text("title").notNull(),
    status: text("status", { enum: alertStatuses }).notNull(),
    severity: text("severity", { enum: alertSeverities }).notNull(),
    /** The sender's own word for it. */
    severityWord: text("severity_word"),
    serviceName: text("service_name"),
    serviceId: uuid("service_id").references(() => services.id, { onDelete: "set null" }),
    /** False for the generic alert made of a shape that the source is not known to send. */
    recognised: boolean("recognised").notNull().default(true),
    count: integer("count").notNull().default(1),
    firstAt: instant("first_at").notNull(),
    lastAt: instant("last_at").notNull(),
    /** The sender's own time of the start, to order deliveries that arrive late. */
    startsAt: instant("starts_at").notNull(),
    /** The sender's time of the latest report that counted: what arrives late and says less is told by it. */
    reportedAt: instant("reported_at"),
    /** The same of its first report. */
    firstReportedAt: instant("first_reported_at"),
    acknowledgedAt: instant("acknowledged_at"),
    resolvedAt: instant("resolved_at"),
    links: jsonb("links").$type<AlertLink[]>().notNull().default([]),
    labels: jsonb("labels").$type<Record<string, string>>().notNull().default({}),
    description: text("description").notNull().default(""),
    incidentId: uuid("incident_id").references(() => incidents.id, { onDelete: "set null" }),
    explanation: jsonb("explanation").$type<AlertExplanation>().notNull(),
    routeId: uuid("route_id").references(() => alertRoutes.id, { onDelete: "set null" }),
    /** The team that a route named. */
    team: text("team"),
    asReported: jsonb("as_reported").$type<AsReported>(),
    /** The group it belongs to, by its route. */
    groupKey: text("group_key"),
    /** True when its incident was opened for it. */
    opened: boolean("opened").notNull().default(false),
    /** The incident after whose end it fired, while people choose where it goes. */
    heldForId: uuid("held_for_id").references(() => incidents.id, { onDelete: "set null" }),
    /** When this key last fired, oldest first, over all alerts of the key; epoch milliseconds. */
    recentStarts: jsonb("recent_starts").$type<number[]>().notNull().default([]),
    /** How often it fired again while it was folded. */
    flaps: integer("flaps").notNull().default(0),
    flappingSince: instant("flapping_since"),
    /** What the sender says while it flaps; null otherwise. */
    foldedStatus: text("folded_status", { enum: ["firing", "resolved"] }),
    /** When the timer looks at it: it goes stale, calms down, its mute ends, or nobody chose where it goes. */
    dueAt: instant("due_at"),
    /** Until when the sender says that it holds unless it is repeated. */
    holdsUntil: instant("holds_until"),
    ending: jsonb("ending").$type<AlertEnding>(),
    details: jsonb("details").$type<AlertDetails>(),
  },
  (t) => [
    // Dedup: a key names at most one unresolved alert of its integration.
    uniqueIndex("alerts_open_key_idx").on(t.integrationId, t.dedupKey).where(sql`${t.status} <> 'resolved'`),
    index("alerts_key_idx").on(t.integrationId, t.dedupKey, t.startsAt.desc()),
    index("alerts_incident_idx").on(t.incidentId),
    // The timer asks whose time has come.
    index("alerts_due_idx").on(t.dueAt).where(sql`${t.status} <> 'resolved'`),
    // Which alerts of a group wait for its threshold, or for somebody to choose?
    index("alerts_unplaced_idx").on(t.groupKey).where(sql`${t.incidentId} is null and ${t.status} <> 'resolved'`),
    index("alerts_held_idx").on(t.heldForId).where(sql`${t.heldForId} is not null`),
    // The dry run and the noise numbers read the last days.
    index("alerts_first_idx").on(t.firstAt.desc(), t.id),
    index("alerts_last_idx").on(t.lastAt.desc(), t.id),
  ],
);
