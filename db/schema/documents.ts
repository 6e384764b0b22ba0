import { bigint, index, integer, pgTable, primaryKey, text, uniqueIndex, uuid } from "drizzle-orm/pg-core";
import { documentKinds } from "../../server/documents/shared/lists.ts";
import { bytes, id, instant } from "./columns.ts";
import { ofIncident } from "./incidents.ts";

/** One row per shared document. Its text is its log of updates; the last snapshot shortens loading. */
export const documents = pgTable(
  "documents",
  {
    id: id(),
    incidentId: ofIncident(),
    kind: text("kind", { enum: documentKinds }).notNull(),
    /** Changes when the stored history is replaced; clients of another epoch drop their copy. */
    epoch: integer("epoch").notNull().default(1),
    /** The number of the last row of the log. */
    headSeq: integer("head_seq").notNull().default(0),
    /** The last row that the tables made from this document know of. */
    projectedSeq: integer("projected_seq").notNull().default(0),
    schemaVersion: integer("schema_version").notNull().default(1),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [uniqueIndex("documents_name_idx").on(t.incidentId, t.kind)],
);

/** One row per committed Yjs update (V1), numbered without holes. Never updated. */
export const documentUpdates = pgTable(
  "document_updates",
  {
    documentId: uuid("document_id")
      .notNull()
      .references(() => documents.id, { onDelete: "cascade" }),
    seq: integer("seq").notNull(),
    bytes: bytes("bytes").notNull(),
    /** Null for the server's own. */
    authorId: uuid("author_id"),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.documentId, t.seq] })],
);

/** One row per snapshot: the whole document up to `seq`. */
export const documentSnapshots = pgTable(
  "document_snapshots",
  {
    documentId: uuid("document_id")
      .notNull()
      .references(() => documents.id, { onDelete: "cascade" }),
    seq: integer("seq").notNull(),
    bytes: bytes("bytes").notNull(),
    /** SHA-256 of the content as the room showed it when the snapshot was checked. */
    contentHash: text("content_hash").notNull(),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.documentId, t.seq] })],
);

/** One row per Yjs client id seen in a document: the first authenticated user to bring it owns it. */
export const documentClients = pgTable(
  "document_clients",
  {
    documentId: uuid("document_id")
      .notNull()
      .references(() => documents.id, { onDelete: "cascade" }),
    clientId: bigint("client_id", { mode: "number" }).notNull(),
    userId: uuid("user_id"),
  },
  (t) => [primaryKey({ columns: [t.documentId, t.clientId] })],
);

/** One row per update that passed the gate and still threw; kept for whoever looks into it. */
export const documentQuarantine = pgTable(
  "document_quarantine",
  {
    id: id(),
    documentId: uuid("document_id")
      .notNull()
      .references(() => documents.id, { onDelete: "cascade" }),
    bytes: bytes("bytes").notNull(),
    reason: text("reason").notNull(),
    authorId: uuid("author_id"),
    createdAt: instant("created_at").notNull().defaultNow(),
  },
  (t) => [index("document_quarantine_document_idx").on(t.documentId)],
);
