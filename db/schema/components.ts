import { sql } from "drizzle-orm";
import {
  type AnyPgColumn,
  boolean,
  check,
  date,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uuid,
} from "drizzle-orm/pg-core";
import type { ComponentStatus } from "../../server/audience/shared/lists.ts";
import { componentStatuses } from "../../server/audience/shared/lists.ts";
import { id, instant } from "./columns.ts";

export type ComponentChange = { id: string; name: string; oldStatus: ComponentStatus; newStatus: ComponentStatus };

/** One row per component: what the public sees of our services; or a group of them, which has no state of its own. */
export const components = pgTable(
  "components",
  {
    id: id(),
    /** Random base-36, the only id the public sees. */
    publicId: text("public_id").notNull().unique(),
    name: text("name").notNull(),
    description: text("description").notNull().default(""),
    isGroup: boolean("is_group").notNull().default(false),
    /** The group it stands in; null at the top of the page. */
    groupId: uuid("group_id").references((): AnyPgColumn => components.id, { onDelete: "set null" }),
    /** Counted from 1 in its group, or among what stands at the top. */
    position: integer("position").notNull(),
    /** Whether the page shows how it was over time. */
    showcase: boolean("showcase").notNull().default(true),
    /** Stays off the page while it is operational. */
    onlyShowIfDegraded: boolean("only_show_if_degraded").notNull().default(false),
    /** The first day that counts, in UTC. */
    startOn: date("start_on"),
    /** What the public sees: the worst of `leftStatus`, unresolved public incidents and running maintenance. */
    status: text("status", { enum: componentStatuses }).notNull().default("operational"),
    /** How the last resolved incident left it, until it is mended. */
    leftStatus: text("left_status", { enum: componentStatuses }).notNull().default("operational"),
    /** Since when it is not operational without an open incident that says so. */
    unexplainedSince: instant("unexplained_since"),
    /** How many reminders of that went out. */
    unexplainedReminded: integer("unexplained_reminded").notNull().default(0),
    createdAt: instant("created_at").notNull().defaultNow(),
    updatedAt: instant("updated_at").notNull().defaultNow(),
  },
  (t) => [
    // What stands in this group?
    index("components_group_idx").on(t.groupId),
    check("components_groups_do_not_nest", sql`not (${t.isGroup} and ${t.groupId} is not null)`),
  ],
);

/** One row per state that the page showed of a component, from an instant until the next row: what its bars are made of. */
export const componentStates = pgTable(
  "component_states",
  {
    componentId: uuid("component_id")
      .notNull()
      .references(() => components.id, { onDelete: "cascade" }),
    since: instant("since").notNull(),
    status: text("status", { enum: componentStatuses }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.componentId, t.since] })],
);
