import { systemActor } from "#/server/access/index.ts";
import { type Core, ctxFor } from "#/server/events/index.ts";
import { messageOf } from "#/server/platform/errors.ts";
import { PROJECTION_TRIES } from "./limits.ts";
import type { ProjectionEvent, Projections } from "./projections.ts";
import type { Room } from "./room.ts";
import type { Batch } from "./room-types.ts";
import { appendRows, type LogRow, readRows } from "./store.ts";

function eventOf(room: Room, batch: Batch): ProjectionEvent {
  const last = batch.changes.at(-1);
  return {
    incidentId: room.options.incidentId,
    documentId: room.options.documentId,
    kind: room.options.kind,
    doc: room.doc,
    changes: batch.changes,
    changedKeys: batch.changes.flatMap((change) => change.key ?? []),
    authorId: last?.authorId ?? null,
    text: room.options.kind === "notes" ? null : (last?.text ?? null),
  };
}

/**
 * Writes one batch of a room: rows of the log, new client ids and projections appear together or not at all.
 *
 * Rows of other processes that lie between are read in the same transaction and applied after it.
 * After a few failures the projections are left to the next batch: the log must not wait for them.
 * @throws HistoryLost
 */
export async function commitBatch(
  core: Core,
  projections: Projections,
  room: Room,
  batch: Batch,
  attempt: number,
): Promise<void> {
  const { documentId, epoch } = room.options;
  const withProjections = attempt < PROJECTION_TRIES && batch.changes.length > 0;
  const actor = batch.changes.at(-1)?.actor ?? systemActor;
  const { firstSeq, missed } = await core.db.transaction(async (tx) => {
    const first = await appendRows(tx, {
      documentId,
      epoch,
      rows: batch.rows.map(({ bytes, authorId }) => ({ bytes, authorId })),
      claims: batch.entries.flatMap((entry) => entry.claims),
      now: core.now(),
    });
    const between: LogRow[] = first === room.headSeq + 1 ? [] : await readRows(tx, documentId, room.headSeq);
    if (withProjections) await projections.run(tx, ctxFor(core, actor), eventOf(room, batch));
    return { firstSeq: first, missed: between.filter((row) => row.seq < first) };
  });
  room.applyRows(missed);
  room.committed(batch, firstSeq);
  if (!withProjections && batch.changes.length > 0) {
    room.carry(batch);
    core.log.error({ documentId, keys: batch.changes.map((change) => change.key) }, "committed without projections");
  }
}

/** Says once in a while that a commit fails, and that nothing is lost yet. */
export function logFailedCommit(core: Core, room: Room, error: unknown, attempt: number): void {
  const { documentId, kind } = room.options;
  core.log.error({ documentId, kind, attempt, error: messageOf(error) }, "edits could not be stored; trying again");
}
