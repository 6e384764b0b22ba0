import * as Y from "yjs";
import type { Core } from "#/server/events/index.ts";
import { SNAPSHOT_BYTES, SNAPSHOT_ROWS } from "./limits.ts";
import type { Room } from "./room.ts";
import { contentHash, documentFrom } from "./roots.ts";
import { insertSnapshot, raiseEpoch, readLog, readRows } from "./store.ts";

/** Whether loading a document has become slower than a new snapshot costs. Pure. */
export function isSnapshotDue({ rows, bytes }: { rows: number; bytes: number }): boolean {
  return rows >= SNAPSHOT_ROWS || bytes >= SNAPSHOT_BYTES;
}

/**
 * Stores a snapshot of a room, built from what is stored and not from memory, and checks it against the live document.
 *
 * When the two differ, what is stored counts: the epoch rises, and the answer is "differs", for the room to end.
 */
export async function takeSnapshot(core: Core, room: Room): Promise<"taken" | "nothing new" | "differs"> {
  const { documentId, kind } = room.options;
  const log = await readLog(core.db.read, documentId);
  const last = log.rows.at(-1);
  if (!last) return "nothing new";
  // Another process wrote meanwhile: what it wrote is no difference.
  if (last.seq > room.headSeq) room.applyRows(await readRows(core.db.read, documentId, room.headSeq));
  const updates = log.rows.map((row) => row.bytes);
  const stored = documentFrom(kind, log.snapshot ? [log.snapshot.bytes, ...updates] : updates);
  const snapshot = { seq: last.seq, bytes: Y.encodeStateAsUpdate(stored), contentHash: contentHash(stored, kind) };
  const isReadable = contentHash(documentFrom(kind, [snapshot.bytes]), kind) === snapshot.contentHash;
  for (const update of room.keptAfter(last.seq)) Y.applyUpdate(stored, update);
  const isSame = isReadable && contentHash(stored, kind) === contentHash(room.doc, kind);
  stored.destroy();
  await core.db.transaction(async (tx) => {
    if (isReadable) await insertSnapshot(tx, documentId, { ...snapshot, now: core.now() });
    if (!isSame) await raiseEpoch(tx, documentId);
  });
  if (!isSame) {
    core.log.error(
      { documentId, kind, seq: last.seq },
      "the live document differed from its log; the epoch was raised",
    );
    return "differs";
  }
  if (last.seq <= room.headSeq) room.rebase(snapshot);
  return "taken";
}
