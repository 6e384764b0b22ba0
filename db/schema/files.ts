import { sql } from "drizzle-orm";
import { check, index, integer, pgTable, primaryKey, text, uuid } from "drizzle-orm/pg-core";
import { FILE_BYTES_MAX, fileTypes } from "../../server/files/shared/lists.ts";
import { bytes, id, instant } from "./columns.ts";
import { ofIncident } from "./incidents.ts";
import { users } from "./people.ts";

/** One row per file of an incident. A removed one keeps its row, so that what points to it can be told why. */
export const files = pgTable(
  "files",
  {
    id: id(),
    incidentId: ofIncident(),
    name: text("name").notNull(),
    /** What its bytes say it is, never what the sender said. */
    type: text("type", { enum: fileTypes }).notNull(),
    sizeBytes: integer("size_bytes").notNull(),
    /** Images only, in pixels, as their header says. */
    width: integer("width"),
    height: integer("height"),
    sha256: text("sha256").notNull(),
    addedById: uuid("added_by_id").references(() => users.id, { onDelete: "set null" }),
    addedByName: text("added_by_name").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
    /** Null while its chunks are written; nobody sees it before. */
    storedAt: instant("stored_at"),
    removedAt: instant("removed_at"),
  },
  (t) => [
    // The list of an incident, oldest first; its number and size are counted at each upload.
    index("files_incident_idx").on(t.incidentId, t.createdAt, t.id),
    // An upload looks for what earlier ones left behind when their process ended.
    index("files_unstored_idx").on(t.createdAt).where(sql`${t.storedAt} is null`),
    check("files_size_in_limit", sql`${t.sizeBytes} between 1 and ${sql.raw(String(FILE_BYTES_MAX))}`),
  ],
);

/** One row per piece of a file's bytes, from 0 on without holes. Never updated; gone when the file is removed. */
export const fileChunks = pgTable(
  "file_chunks",
  {
    fileId: uuid("file_id")
      .notNull()
      .references(() => files.id, { onDelete: "cascade" }),
    seq: integer("seq").notNull(),
    bytes: bytes("bytes").notNull(),
  },
  (t) => [primaryKey({ columns: [t.fileId, t.seq] })],
);
