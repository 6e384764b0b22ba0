import { sql } from "drizzle-orm";
import { pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { id, instant } from "./columns.ts";
import { users } from "./people.ts";

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
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  // An alert's service label is looked up in any case.
  (t) => [uniqueIndex("services_name_idx").on(sql`lower(${t.name})`)],
);
