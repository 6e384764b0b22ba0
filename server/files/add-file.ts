import { and, count, eq, isNull, lt, sum } from "drizzle-orm";
import { fileChunks, files } from "#/db/schema/index.ts";
import { requireAbility, userIdOf } from "#/server/access/index.ts";
import { type Ctx, touchRoom } from "#/server/events/index.ts";
import { accessTo, findIncidentOrTarget, lockIncident } from "#/server/incidents/index.ts";
import { sha256 } from "#/server/platform/crypto.ts";
import type { FileView } from "./contract.ts";
import { type FileRow, presentFile } from "./present.ts";
import { fileName, requireFileSize, requireRoomFor } from "./rules.ts";
import { FILE_CHUNK_BYTES } from "./shared/lists.ts";
import { sniff } from "./sniff.ts";

/** Writing ten megabytes takes seconds; what is not done by then lost its process. */
const ABANDONED_AFTER_MS = 3_600_000;

export type NewFile = { incident: string; name: string; bytes: Uint8Array };

/** Takes the file's place under the incident's limits, also against uploads that run at the same time. */
async function reserve(ctx: Ctx, input: NewFile): Promise<FileRow> {
  const name = fileName(input.name);
  const values = { name, ...sniff(input.bytes), sizeBytes: input.bytes.byteLength, sha256: sha256(input.bytes) };
  const { row } = await findIncidentOrTarget(ctx.db.read, ctx, input.incident);
  return ctx.db.transaction(async (tx) => {
    const incident = await lockIncident(tx, ctx, row.id);
    requireAbility(ctx.actor, "files.write", await accessTo(tx, ctx, incident));
    const abandonedBefore = new Date(ctx.now().getTime() - ABANDONED_AFTER_MS);
    await tx.delete(files).where(and(isNull(files.storedAt), lt(files.createdAt, abandonedBefore)));
    const [existing] = await tx
      .select({ count: count(), bytes: sum(files.sizeBytes) })
      .from(files)
      .where(and(eq(files.incidentId, incident.id), isNull(files.removedAt)));
    requireRoomFor(values.sizeBytes, { count: existing?.count ?? 0, bytes: Number(existing?.bytes ?? 0) });
    const [reserved] = await tx
      .insert(files)
      .values({
        ...values,
        incidentId: incident.id,
        addedById: userIdOf(ctx.actor),
        addedByName: ctx.actor.name,
        createdAt: ctx.now(),
      })
      .returning();
    if (!reserved) throw new Error("an inserted file was not returned");
    return reserved;
  });
}

/** One statement for each chunk: notes and facts are saved in between, also where there is one connection. */
async function writeChunks(ctx: Ctx, fileId: string, bytes: Uint8Array): Promise<void> {
  for (let seq = 0; seq * FILE_CHUNK_BYTES < bytes.byteLength; seq++) {
    const chunk = bytes.subarray(seq * FILE_CHUNK_BYTES, (seq + 1) * FILE_CHUNK_BYTES);
    await ctx.db.read.insert(fileChunks).values({ fileId, seq, bytes: chunk });
  }
}

/**
 * Keeps a file with an incident; of a merged one, with the incident that is worked on.
 *
 * Nobody sees it before all of it is stored; then the room is told. What a process left half-written when it ended
 * is cleared by a later upload.
 * @throws AppError "not_found" | "forbidden" | "invalid" | "too_large" | "conflict" when the incident is full
 */
export async function addFile(ctx: Ctx, input: NewFile): Promise<FileView> {
  requireFileSize(input.bytes.byteLength);
  const reserved = await reserve(ctx, input);
  try {
    await writeChunks(ctx, reserved.id, input.bytes);
    return await ctx.db.transaction(async (tx) => {
      const [stored] = await tx.update(files).set({ storedAt: ctx.now() }).where(eq(files.id, reserved.id)).returning();
      if (!stored) throw new Error("a file went while it was written");
      await touchRoom(tx, ctx, stored.incidentId, ["files"]);
      return presentFile(stored);
    });
  } catch (error) {
    await ctx.db.read.delete(files).where(eq(files.id, reserved.id));
    throw error;
  }
}
