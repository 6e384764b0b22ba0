import { and, asc, desc, eq, gt, lt, notInArray, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import {
  documentClients,
  documentQuarantine,
  documentSnapshots,
  documents,
  documentUpdates,
  incidents,
} from "#/db/schema/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { SNAPSHOTS_KEPT } from "./limits.ts";
import type { DocumentKind } from "./shared/lists.ts";

export type DocumentRow = { id: string; epoch: number; headSeq: number };
export type LogRow = { seq: number; bytes: Uint8Array };
/** A document as it is stored: the newest snapshot and what came after it. */
export type StoredLog = { snapshot: LogRow | null; rows: LogRow[] };
export type NewLogRow = { bytes: Uint8Array; authorId: string | null };
export type ClientClaim = { clientId: number; userId: string | null };

/** The stored history is no longer the one the writer knew: replaced (epoch) or removed. */
export class HistoryLost extends Error {
  readonly isGone: boolean;

  constructor(isGone: boolean) {
    super(isGone ? "the document is gone" : "the document's history was replaced");
    this.name = "HistoryLost";
    this.isGone = isGone;
  }
}

const rowColumns = { id: documents.id, epoch: documents.epoch, headSeq: documents.headSeq };

/** Adds a document's row; null when the incident has one of this kind already. */
export async function insertDocument(tx: Sql, incidentId: string, kind: DocumentKind): Promise<DocumentRow | null> {
  const [row] = await tx.insert(documents).values({ incidentId, kind }).onConflictDoNothing().returning(rowColumns);
  return row ?? null;
}

/** The row of a document, if there is one. */
export async function findDocument(db: Sql, incidentId: string, kind: DocumentKind): Promise<DocumentRow | null> {
  const [row] = await db
    .select(rowColumns)
    .from(documents)
    .where(and(eq(documents.incidentId, incidentId), eq(documents.kind, kind)));
  return row ?? null;
}

/** The row of a document, added when missing. @throws AppError "not_found" when there is no such incident */
export async function ensureDocument(db: Sql, incidentId: string, kind: DocumentKind): Promise<DocumentRow> {
  const found = await findDocument(db, incidentId, kind);
  if (found) return found;
  const [incident] = await db.select({ id: incidents.id }).from(incidents).where(eq(incidents.id, incidentId));
  if (!incident) throw new AppError("not_found", "There is no such incident.");
  const row = (await insertDocument(db, incidentId, kind)) ?? (await findDocument(db, incidentId, kind));
  if (!row) throw new AppError("not_found", "There is no such document.");
  return row;
}

/** Every row of the log after a number, in order. */
export async function readRows(db: Sql, documentId: string, afterSeq: number): Promise<LogRow[]> {
  return db
    .select({ seq: documentUpdates.seq, bytes: documentUpdates.bytes })
    .from(documentUpdates)
    .where(and(eq(documentUpdates.documentId, documentId), gt(documentUpdates.seq, afterSeq)))
    .orderBy(asc(documentUpdates.seq));
}

/** What a document is loaded from. */
export async function readLog(db: Sql, documentId: string): Promise<StoredLog> {
  const [snapshot] = await db
    .select({ seq: documentSnapshots.seq, bytes: documentSnapshots.bytes })
    .from(documentSnapshots)
    .where(eq(documentSnapshots.documentId, documentId))
    .orderBy(desc(documentSnapshots.seq))
    .limit(1);
  return { snapshot: snapshot ?? null, rows: await readRows(db, documentId, snapshot?.seq ?? 0) };
}

/** Who owns each client id of a document; null is the server. */
export async function readClients(db: Sql, documentId: string): Promise<Map<number, string | null>> {
  const list = await db
    .select({ clientId: documentClients.clientId, userId: documentClients.userId })
    .from(documentClients)
    .where(eq(documentClients.documentId, documentId));
  return new Map(list.map((row) => [row.clientId, row.userId]));
}

export type Append = {
  documentId: string;
  epoch: number;
  rows: readonly NewLogRow[];
  claims: readonly ClientClaim[];
  now: Date;
};

/**
 * Appends to the log and returns the number of the first new row.
 *
 * Part of the caller's transaction. Numbers are given under the document's row lock, so they follow the order of
 * commit and have no holes.
 * @throws HistoryLost
 */
export async function appendRows(tx: Sql, { documentId, epoch, rows, claims, now }: Append): Promise<number> {
  const [head] = await tx
    .update(documents)
    .set({ headSeq: sql`${documents.headSeq} + ${rows.length}` })
    .where(and(eq(documents.id, documentId), eq(documents.epoch, epoch)))
    .returning({ seq: documents.headSeq });
  if (!head) {
    const [other] = await tx.select({ id: documents.id }).from(documents).where(eq(documents.id, documentId));
    throw new HistoryLost(!other);
  }
  const firstSeq = head.seq - rows.length + 1;
  await tx
    .insert(documentUpdates)
    .values(rows.map((row, index) => ({ documentId, seq: firstSeq + index, createdAt: now, ...row })));
  if (claims.length > 0) {
    await tx
      .insert(documentClients)
      .values(claims.map((claim) => ({ documentId, ...claim })))
      .onConflictDoNothing();
  }
  return firstSeq;
}

/** Stores a snapshot, and only then drops those older than the ones that are kept. Rows of the log are never dropped here. */
export async function insertSnapshot(
  tx: Sql,
  documentId: string,
  snapshot: LogRow & { contentHash: string; now: Date },
): Promise<void> {
  const { seq, bytes, contentHash, now } = snapshot;
  await tx
    .insert(documentSnapshots)
    .values({ documentId, seq, bytes, contentHash, createdAt: now })
    .onConflictDoNothing();
  const kept = await tx
    .select({ seq: documentSnapshots.seq })
    .from(documentSnapshots)
    .where(eq(documentSnapshots.documentId, documentId))
    .orderBy(desc(documentSnapshots.seq))
    .limit(SNAPSHOTS_KEPT);
  const seqs = kept.map((row) => row.seq);
  await tx
    .delete(documentSnapshots)
    .where(
      and(
        eq(documentSnapshots.documentId, documentId),
        lt(documentSnapshots.seq, seq),
        notInArray(documentSnapshots.seq, seqs),
      ),
    );
}

/** Declares the stored history another one: clients drop their copies. */
export async function raiseEpoch(tx: Sql, documentId: string): Promise<void> {
  await tx
    .update(documents)
    .set({ epoch: sql`${documents.epoch} + 1` })
    .where(eq(documents.id, documentId));
}

/** Keeps the bytes of an update that passed the gate and still threw. */
export async function quarantine(
  db: Sql,
  entry: { documentId: string; bytes: Uint8Array; reason: string; authorId: string | null; createdAt: Date },
): Promise<void> {
  await db.insert(documentQuarantine).values(entry);
}
