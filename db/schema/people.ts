import { sql } from "drizzle-orm";
import { check, index, pgTable, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { serverRoles } from "../../server/access/shared/roles.ts";
import { reachChoices } from "../../server/notifications/shared/lists.ts";
import { id, instant } from "./columns.ts";

/** One row per person with an account. Disabled ones stay, for the record they are named in. */
export const users = pgTable(
  "users",
  {
    id: id(),
    email: text("email").notNull(),
    name: text("name").notNull(),
    role: text("role", { enum: serverRoles }).notNull(),
    /** `scrypt$…`; null for people who only come in by a token or single sign-on. */
    passwordHash: text("password_hash"),
    /** How they want to be reached while they are not in the room. */
    reachBy: text("reach_by", { enum: reachChoices }).notNull().default("both"),
    createdAt: instant("created_at").notNull().defaultNow(),
    disabledAt: instant("disabled_at"),
  },
  (t) => [
    // Sign-in asks by address, in any case.
    uniqueIndex("users_email_idx").on(sql`lower(${t.email})`),
    check("users_role_known", sql`${t.role} in ('owner', 'admin', 'responder', 'viewer')`),
  ],
);

/** The person whom a row is about, and goes with. */
export const ofPerson = () =>
  uuid("user_id")
    .notNull()
    .references(() => users.id, { onDelete: "cascade" });

/** One row per sign-in. The cookie names it; revoking the row ends the cookie. */
export const sessions = pgTable(
  "sessions",
  {
    id: id(),
    userId: ofPerson(),
    userAgent: text("user_agent").notNull().default(""),
    createdAt: instant("created_at").notNull().defaultNow(),
    lastSeenAt: instant("last_seen_at").notNull().defaultNow(),
    expiresAt: instant("expires_at").notNull(),
    revokedAt: instant("revoked_at"),
  },
  // A change of role or password ends all sessions of one person.
  (t) => [index("sessions_user_idx").on(t.userId)],
);

/** One row per API token. Only its hash is kept; the token is shown once. */
export const apiTokens = pgTable(
  "api_tokens",
  {
    id: id(),
    userId: ofPerson(),
    name: text("name").notNull(),
    /** SHA-256 of the token, hex. */
    hash: text("hash").notNull(),
    /** Its first characters, to tell tokens apart. */
    prefix: text("prefix").notNull(),
    /** Empty means all that its user may do. */
    scopes: text("scopes").array().notNull().default(sql`'{}'::text[]`),
    createdAt: instant("created_at").notNull().defaultNow(),
    lastUsedAt: instant("last_used_at"),
    expiresAt: instant("expires_at"),
    revokedAt: instant("revoked_at"),
  },
  (t) => [uniqueIndex("api_tokens_hash_idx").on(t.hash), index("api_tokens_user_idx").on(t.userId)],
);
