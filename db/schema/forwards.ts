import { integer, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { deliveryStates } from "../../server/updates/shared/lists.ts";
import { intakes } from "./alerts.ts";
import { instant } from "./columns.ts";

/** One row per inbound delivery that is passed on to the old pager, unchanged; its body is the intake's. */
export const forwards = pgTable("forwards", {
  intakeId: uuid("intake_id")
    .primaryKey()
    .references(() => intakes.id, { onDelete: "cascade" }),
  method: text("method").notNull(),
  /** What stood behind the key in the path of the request. */
  path: text("path").notNull().default(""),
  /** The headers that go along, encrypted: some senders carry secrets in them. */
  headersSealed: text("headers_sealed").notNull(),
  state: text("state", { enum: deliveryStates }).notNull().default("queued"),
  attempts: integer("attempts").notNull().default(0),
  nextAttemptAt: instant("next_attempt_at"),
  lastError: text("last_error"),
  createdAt: instant("created_at").notNull(),
  sentAt: instant("sent_at"),
});
