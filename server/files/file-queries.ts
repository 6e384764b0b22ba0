import { and, asc, eq, gt, isNotNull, isNull, or } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { fileChunks, files } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { accessTo, findIncident, findIncidentOrTarget } from "#/server/incidents/index.ts";
import { decodeCursor, pageOf } from "#/server/platform/cursor.ts";
import { AppError } from "#/server/platform/errors.ts";
import type { FileView } from "./contract.ts";
import { type FileRow, presentFile } from "./present.ts";
import { FILES_PER_INCIDENT_MAX } from "./shared/lists.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const isKept = (incidentId: string) =>
  and(eq(files.incidentId, incidentId), isNotNull(files.storedAt), isNull(files.removedAt));

/** The files of an incident, oldest first. The caller has checked that the incident may be seen. */
export async function filesOf(q: Sql, incidentId: string): Promise<FileView[]> {
  const found = await q
    .select()
    .from(files)
    .where(isKept(incidentId))
    .orderBy(asc(files.createdAt), asc(files.id))
    .limit(FILES_PER_INCIDENT_MAX);
  return found.map(presentFile);
}

/** A page of an incident's files, oldest first. @throws AppError "not_found" | "invalid" for a foreign cursor */
export async function listFiles(
  ctx: Ctx,
  query: { incident: string; limit: number; cursor?: string | undefined },
): Promise<{ items: FileView[]; nextCursor: string | null }> {
  const { row } = await findIncidentOrTarget(ctx.db.read, ctx, query.incident);
  requireAbility(ctx.actor, "incidents.read", await accessTo(ctx.db.read, ctx, row));
  const [at = "", id = ""] = decodeCursor(query.cursor, ["instant", "id"]) ?? [];
  const after = query.cursor
    ? or(gt(files.createdAt, new Date(at)), and(eq(files.createdAt, new Date(at)), gt(files.id, id)))
    : undefined;
  const found = await ctx.db.read
    .select()
    .from(files)
    .where(and(isKept(row.id), after))
    .orderBy(asc(files.createdAt), asc(files.id))
    .limit(query.limit + 1);
  const page = pageOf(found, query.limit, (last) => [last.createdAt.toISOString(), last.id]);
  return { items: page.items.map(presentFile), nextCursor: page.nextCursor };
}

/**
 * A file's row, with the rights of its incident; by the reference of a merged incident also a file of the one it went into.
 * @throws AppError "not_found" also for one that was removed, and then says so
 */
export async function requireFile(
  q: Sql,
  ctx: Pick<Ctx, "actor">,
  { incident, fileId }: { incident: string; fileId: string },
): Promise<FileRow> {
  const asked = await findIncident(q, ctx, incident);
  requireAbility(ctx.actor, "incidents.read", await accessTo(q, ctx, asked));
  const id = fileId.toLowerCase();
  const [row] = UUID.test(id)
    ? await q
        .select()
        .from(files)
        .where(and(eq(files.id, id), isNotNull(files.storedAt)))
    : [];
  const isHere = row && (row.incidentId === asked.id || row.incidentId === asked.mergedIntoId);
  if (!isHere) throw new AppError("not_found", "There is no such file.");
  if (row.incidentId !== asked.id) await findIncident(q, ctx, row.incidentId);
  if (row.removedAt) throw new AppError("not_found", `The file ${row.name} was removed.`);
  return row;
}

/** The bytes of a file, one chunk in memory at a time. @throws Error when it is removed while it is read */
export async function* readChunks(q: Sql, file: { id: string; size: number }): AsyncGenerator<Uint8Array> {
  let total = 0;
  for (let seq = 0; total < file.size; seq++) {
    const [chunk] = await q
      .select({ bytes: fileChunks.bytes })
      .from(fileChunks)
      .where(and(eq(fileChunks.fileId, file.id), eq(fileChunks.seq, seq)));
    if (!chunk) throw new Error("a file was removed while it was read");
    total += chunk.bytes.byteLength;
    yield chunk.bytes;
  }
}
