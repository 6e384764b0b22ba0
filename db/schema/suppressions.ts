import { sql } from "drizzle-orm";
import { pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import { suppressionCauses } from "../../server/audience/shared/lists.ts";
import { id, instant } from "./columns.ts";

/** One row per address that mail to subscribers no longer goes to; gone once it is released. */
export const suppressions = pgTable(
  "suppressions",
  {
    id: id(),
    email: text("email").notNull(),
    cause: text("cause", { enum: suppressionCauses }).notNull(),
    /** For people: what the mail server answered, or what somebody wrote. */
    reason: text("reason").notNull(),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [uniqueIndex("suppressions_email_idx").on(sql`lower(${t.email})`)],
);
