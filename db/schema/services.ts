import { sql } from "drizzle-orm";
import { check, index, jsonb, pgTable, primaryKey, smallint, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import type { ServiceLinkKind } from "../../server/services/shared/lists.ts";
import { id, instant } from "./columns.ts";
import { users } from "./people.ts";

export type ServiceLink = { kind: ServiceLinkKind; title: string; url: string };

/** One row per service that a team runs; alerts name it in their labels. */
export const services = pgTable(
  "services",
  {
    id: id(),
    /** The name that alerts carry, unique in any case. */
    name: text("name").notNull(),
    description: text("description").notNull().default(""),
    ownerId: uuid("owner_id").references(() => users.id, { onDelete: "set null" }),
    /** Who hears by e-mail when a triage incident opens for it. */
    tellEmails: text("tell_emails").array().notNull().default(sql`'{}'::text[]`),
    /** The rest of its tell list, encrypted: Slack channels, webhooks, pagers. */
    tellSealed: text("tell_sealed"),
    /** Where its runbook is kept elsewhere. */
    runbookUrl: text("runbook_url"),
    /** Its runbook as Markdown; its checklist becomes tasks. */
    runbook: text("runbook").notNull().default(""),
    /** 1 matters most, 4 least; null until somebody said. */
    tier: smallint("tier"),
    /** The team that runs it, in words. */
    team: text("team").notNull().default(""),
    /** Dashboards, repositories and more; they enter the room of an incident that affects it. */
    links: jsonb("links").$type<ServiceLink[]>().notNull().default([]),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [
    // An alert's service label is looked up in any case.
    uniqueIndex("services_name_idx").on(sql`lower(${t.name})`),
    check("services_tier_range", sql`${t.tier} between 1 and 4`),
  ],
);

/** One row per other name that alerts and changes carry for a service; the database keeps it apart from other aliases, commands from names. */
export const serviceAliases = pgTable(
  "service_aliases",
  {
    serviceId: uuid("service_id")
      .notNull()
      .references(() => services.id, { onDelete: "cascade" }),
    alias: text("alias").notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.serviceId, t.alias] }),
    // Which service is called so, in any case?
    uniqueIndex("service_aliases_alias_idx").on(sql`lower(${t.alias})`),
  ],
);

/** One row per service that another needs. Two services may need each other. */
export const serviceDependencies = pgTable(
  "service_dependencies",
  {
    serviceId: uuid("service_id")
      .notNull()
      .references(() => services.id, { onDelete: "cascade" }),
    dependsOnId: uuid("depends_on_id")
      .notNull()
      .references(() => services.id, { onDelete: "cascade" }),
  },
  (t) => [
    primaryKey({ columns: [t.serviceId, t.dependsOnId] }),
    // Who depends on this service?
    index("service_dependencies_depends_on_idx").on(t.dependsOnId),
    check("service_dependencies_not_itself", sql`${t.serviceId} <> ${t.dependsOnId}`),
  ],
);
