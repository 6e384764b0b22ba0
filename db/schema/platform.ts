import { index, integer, jsonb, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { id, instant } from "./columns.ts";

/** One row per named setting of the organisation. Secrets are stored encrypted. */
export const settings = pgTable("settings", {
  name: text("name").primaryKey(),
  value: jsonb("value").notNull(),
  updatedAt: instant("updated_at").notNull().defaultNow(),
});

/** One row per act that an administrator may have to explain. Never updated, never deleted. */
export const auditEntries = pgTable(
  "audit_entries",
  {
    id: id(),
    at: instant("at").notNull().defaultNow(),
    actorId: uuid("actor_id"),
    actorName: text("actor_name").notNull(),
    action: text("action").notNull(),
    objectKind: text("object_kind").notNull(),
    objectId: text("object_id").notNull(),
    detail: jsonb("detail").notNull().default({}),
    requestId: text("request_id").notNull().default(""),
  },
  // The audit page reads newest first.
  (t) => [index("audit_entries_at_idx").on(t.at.desc())],
);

/** One row per Idempotency-Key in use: the first answer, given again to a repeat within a day. */
export const idempotencyKeys = pgTable(
  "idempotency_keys",
  {
    actorId: text("actor_id").notNull(),
    key: text("key").notNull(),
    /** SHA-256 of method, path and body: the same key with another request is refused. */
    requestHash: text("request_hash").notNull(),
    /** Null while the first request still runs. */
    status: integer("status"),
    body: jsonb("body"),
    /** When what was asked for was committed, whether or not an answer went out. */
    doneAt: instant("done_at"),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.actorId, t.key] }), index("idempotency_keys_created_idx").on(t.createdAt)],
);
