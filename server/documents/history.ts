import { setImmediate as turn } from "node:timers/promises";
import { and, asc, eq, gt, gte, lte, sql } from "drizzle-orm";
import * as Y from "yjs";
import type { Sql } from "#/db/client.ts";
import { documentSnapshots, documentUpdates } from "#/db/schema/index.ts";
import { documentFrom } from "./roots.ts";
import type { DocumentKind } from "./shared/lists.ts";
import { findDocument } from "./store.ts";

/** A row of the log: who wrote it and when. */
export type LoggedRow = { seq: number; authorId: string | null; createdAt: Date };
type Row = LoggedRow & { bytes: Uint8Array };

/** Rows that are looked at one by one; older ones are applied at once and are one state. A day of five typists. */
export const HISTORY_ROWS_MAX = 20_000;
/** Rows read at once. */
const PAGE_ROWS = 1_000;
/** The replay lets others have their turn this often. */
const SLICE_MS = 10;
/** What the column holds at most. */
const SEQ_MAX = 2 ** 31 - 1;

/** The last row that is not looked at alone: it lies in a snapshot, or too far back. */
async function baseSeq(q: Sql, documentId: string, untilSeq: number): Promise<number> {
  const [range] = await q
    .select({
      first: sql<number | null>`min(${documentUpdates.seq})`,
      last: sql<number | null>`max(${documentUpdates.seq})`,
    })
    .from(documentUpdates)
    .where(and(eq(documentUpdates.documentId, documentId), lte(documentUpdates.seq, untilSeq)));
  return Math.max((range?.first ?? 1) - 1, (range?.last ?? 0) - HISTORY_ROWS_MAX, 0);
}

async function readPage(
  q: Sql,
  documentId: string,
  afterSeq: number,
  untilSeq: number,
  limit = PAGE_ROWS,
): Promise<Row[]> {
  return q
    .select({
      seq: documentUpdates.seq,
      bytes: documentUpdates.bytes,
      authorId: documentUpdates.authorId,
      createdAt: documentUpdates.createdAt,
    })
    .from(documentUpdates)
    .where(
      and(
        eq(documentUpdates.documentId, documentId),
        gt(documentUpdates.seq, afterSeq),
        lte(documentUpdates.seq, untilSeq),
      ),
    )
    .orderBy(asc(documentUpdates.seq))
    .limit(limit);
}

type State = { doc: Y.Doc; seq: number; createdAt: Date };

/** A document as of a row, from the log alone, or from a snapshot where the log before it is gone. */
async function stateAt(q: Sql, documentId: string, kind: DocumentKind, seq: number): Promise<State> {
  const [first] = await readPage(q, documentId, 0, SEQ_MAX, 1);
  if (first && first.seq > 1) {
    const [snapshot] = await q
      .select({
        seq: documentSnapshots.seq,
        bytes: documentSnapshots.bytes,
        createdAt: documentSnapshots.createdAt,
      })
      .from(documentSnapshots)
      .where(and(eq(documentSnapshots.documentId, documentId), gte(documentSnapshots.seq, first.seq - 1)))
      .orderBy(asc(documentSnapshots.seq))
      .limit(1);
    if (snapshot) return { ...snapshot, doc: documentFrom(kind, [snapshot.bytes]) };
  }
  const updates: Uint8Array[] = [];
  let createdAt = new Date(0);
  for (let last = 0; last < seq; ) {
    const page = await readPage(q, documentId, last, seq);
    updates.push(...page.map((row) => row.bytes));
    createdAt = page.at(-1)?.createdAt ?? createdAt;
    last = page.at(-1)?.seq ?? seq;
  }
  return { doc: documentFrom(kind, updates), seq, createdAt };
}

/** Rows that are applied together: up to each stop, or one by one without stops. */
function spansOf(page: readonly Row[], stops: ReadonlySet<number> | undefined): Row[][] {
  if (!stops) return page.map((row) => [row]);
  const spans: Row[][] = [[]];
  for (const row of page) {
    spans.at(-1)?.push(row);
    if (stops.has(row.seq)) spans.push([]);
  }
  return spans.filter((span) => span.length > 0);
}

export type Replay = {
  /** Where to look; rows between are applied in one go, 25 times faster. Without it, every row is looked at. */
  stops?: ReadonlySet<number>;
  /** The last row. */
  untilSeq?: number;
};

/**
 * Replays a document's log on a copy: `visit` sees the copy at the beginning and after rows.
 *
 * The beginning is an empty document (row null); where the log goes too far back, or is gone, it is a state of many
 * hands, and its row names no author.
 * Reads committed rows only. Lets others have their turn every few milliseconds, so it may run beside live rooms.
 */
export async function replayLog(
  q: Sql,
  { incidentId, kind }: { incidentId: string; kind: DocumentKind },
  visit: (doc: Y.Doc, row: LoggedRow | null) => void,
  { stops, untilSeq = SEQ_MAX }: Replay = {},
): Promise<void> {
  const found = await findDocument(q, incidentId, kind);
  if (!found) return;
  const { doc, seq, createdAt } = await stateAt(q, found.id, kind, await baseSeq(q, found.id, untilSeq));
  if (seq <= untilSeq) visit(doc, seq === 0 ? null : { seq, authorId: null, createdAt });
  let sliceEnd = performance.now() + SLICE_MS;
  for (let last = seq; ; ) {
    const page = await readPage(q, found.id, last, untilSeq);
    for (const span of spansOf(page, stops)) {
      doc.transact(() => {
        for (const { bytes } of span) Y.applyUpdate(doc, bytes);
      });
      const row = span.at(-1);
      if (row && (!stops || stops.has(row.seq))) {
        visit(doc, { seq: row.seq, authorId: row.authorId, createdAt: row.createdAt });
      }
      if (performance.now() < sliceEnd) continue;
      await turn();
      sliceEnd = performance.now() + SLICE_MS;
    }
    if (page.length < PAGE_ROWS) break;
    last = page.at(-1)?.seq ?? last;
  }
  doc.destroy();
}
