import { and, asc, desc, eq, gt, lt, notInArray, sql } from "drizzle-orm";
import { rows, type Sql } from "#/db/client.ts";
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

export type DocumentRow = { id: string; epoch: number; headSeq: number; projectedSeq: number };
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

const rowColumns = {
  id: documents.id,
  epoch: documents.epoch,
  headSeq: documents.headSeq,
  projectedSeq: documents.projectedSeq,
};

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

/** What one document gets of a group: its new rows, and whether the tables made from it know of them. */
export type Append = { documentId: string; epoch: number; rows: readonly NewLogRow[]; isProjected: boolean };

const APPEND = "select document_id, base from append_updates($1, $2, $3, $4)";

function appendParameters(appends: readonly Append[], now: Date): [string, string, Buffer, string] {
  const rows = appends.flatMap(({ documentId, rows }) => rows.map((row, index) => ({ documentId, index, ...row })));
  let offset = 0;
  const places = rows.map(({ documentId, index, bytes, authorId }) => {
    const place = { d: documentId, i: index + 1, o: offset, l: bytes.length, a: authorId };
    offset += bytes.length;
    return place;
  });
  const heads = appends.map(({ documentId, epoch, rows, isProjected }) => {
    return { d: documentId, e: epoch, n: rows.length, p: isProjected };
  });
  return [
    JSON.stringify(heads),
    JSON.stringify(places),
    Buffer.concat(rows.map((row) => row.bytes)),
    now.toISOString(),
  ];
}

/** Runs one statement: the open transaction's, or the database's own. */
export type RunStatement = (
  text: string,
  parameters: readonly (string | Buffer)[],
) => Promise<Record<string, unknown>[]>;

/** The statements of an open transaction. */
export function statementsOf(tx: Sql): RunStatement {
  return (text, parameters) => {
    const pieces = text.split(/\$\d+/);
    const query = pieces.flatMap((piece, index) => [
      sql.raw(piece),
      ...(index < parameters.length ? [sql`${parameters[index]}`] : []),
    ]);
    return rows(tx, sql.join(query));
  };
}

/**
 * Appends to the logs of several documents in one statement; the number before the first new row of each.
 *
 * Numbers are given under each document's row lock, so they follow the order of commit and have no holes.
 * A document that is missing in the answer is gone, or of another epoch: nothing was written for it.
 */
export async function appendUpdates(
  run: RunStatement,
  appends: readonly Append[],
  now: Date,
): Promise<Map<string, number>> {
  const answers = await run(APPEND, appendParameters(appends, now));
  return new Map(answers.map((row) => [String(row.document_id), Number(row.base)]));
}

/** Keeps whose the client ids are; one that is owned already stays its owner's. */
export async function insertClients(tx: Sql, documentId: string, claims: readonly ClientClaim[]): Promise<void> {
  if (claims.length === 0) return;
  await tx
    .insert(documentClients)
    .values(claims.map((claim) => ({ documentId, ...claim })))
    .onConflictDoNothing();
}

/** Documents whose tables lag behind their log: a crash came between. */
export async function readLagging(db: Sql): Promise<{ incidentId: string; kind: DocumentKind }[]> {
  return db
    .select({ incidentId: documents.incidentId, kind: documents.kind })
    .from(documents)
    .where(lt(documents.projectedSeq, documents.headSeq));
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
