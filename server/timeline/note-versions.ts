import { inArray } from "drizzle-orm";
import type * as Y from "yjs";
import type { Sql } from "#/db/client.ts";
import { users } from "#/db/schema/index.ts";
import { type LoggedRow, notesOf, replayLog } from "#/server/documents/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { decodeCursor, pageOf } from "#/server/platform/cursor.ts";
import { AppError } from "#/server/platform/errors.ts";
import type { NoteVersionText, NoteVersionView } from "./contract.ts";
import { findNote, type NoteKey } from "./find-note.ts";
import type { EntryRow } from "./present.ts";
import { wordsChanged } from "./shared/text-diff.ts";
import { pointsOf, type Touch, type Version, versionsOf } from "./version-rules.ts";

const documentOf = (note: EntryRow) => ({ incidentId: note.incidentId, kind: "notes" as const });
const bodyIn = (doc: Y.Doc, noteId: string) => notesOf(doc).get(noteId)?.toString() ?? "";

/** The rows of the log that changed a note. */
async function touchesOf(ctx: Ctx, note: EntryRow): Promise<Touch[]> {
  const touches: Touch[] = [];
  let isTouched = false;
  const hear = (
    events: readonly { path: (string | number)[]; target: unknown; changes: Y.YEvent<never>["changes"] }[],
  ) => {
    for (const { path, changes } of events) {
      if (path.length === 0 ? changes.keys.has(note.id) : path[0] === note.id) isTouched = true;
    }
  };
  let isFirst = true;
  await replayLog(ctx.db.read, documentOf(note), (doc, row) => {
    const root = notesOf(doc);
    if (isFirst) root.observeDeep(hear as Parameters<typeof root.observeDeep>[0]);
    const isThere = isTouched || (isFirst && root.has(note.id));
    if (row && isThere) touches.push(touch(row, root.get(note.id)?.length ?? 0));
    isTouched = false;
    isFirst = false;
  });
  return touches;
}

function touch({ seq, createdAt, authorId }: LoggedRow, length: number): Touch {
  return { seq, at: createdAt, authorId, length };
}

async function readVersions(ctx: Ctx, note: EntryRow): Promise<Version[]> {
  const points = pointsOf(await touchesOf(ctx, note));
  const bodies = new Map(points.map((point) => [point.seq, ""]));
  // A second time, because only now it is known where to look: a text costs more to read than an update to apply.
  const visit = (doc: Y.Doc, row: LoggedRow | null) => row && bodies.set(row.seq, bodyIn(doc, note.id));
  const untilSeq = points.at(-1)?.seq ?? 0;
  await replayLog(ctx.db.read, documentOf(note), visit, { stops: new Set(bodies.keys()), untilSeq });
  return versionsOf(points.map((point) => ({ ...point, body: bodies.get(point.seq) ?? "" })));
}

async function namesOf(q: Sql, ids: readonly (string | null)[]): Promise<(id: string | null) => string> {
  const known = [...new Set(ids.filter((id) => id !== null))];
  const found =
    known.length > 0
      ? await q.select({ id: users.id, name: users.name }).from(users).where(inArray(users.id, known))
      : [];
  const names = new Map(found.map((user) => [user.id, user.name]));
  return (id) => (id === null ? "Muster" : (names.get(id) ?? "Somebody"));
}

/**
 * What a note was, newest first: a version ends where another author or a pause follows, and where an earlier text is
 * brought back. Read from the log of the shared document, as far as it is kept and is committed.
 * @throws AppError "not_found" | "conflict" when the note was deleted
 */
export async function listNoteVersions(
  ctx: Ctx,
  { cursor, limit, ...key }: NoteKey & { cursor?: string | undefined; limit: number },
): Promise<{ items: NoteVersionView[]; nextCursor: string | null }> {
  const note = await findNote(ctx, "incidents.read", key);
  requireText(note);
  const [before] = decodeCursor(cursor, ["number"]) ?? [];
  const versions = (await readVersions(ctx, note)).reverse();
  const found = versions.filter((version) => before === undefined || version.seq < Number(before)).slice(0, limit + 1);
  const page = pageOf(found, limit, (last) => [last.seq]);
  const nameOf = await namesOf(
    ctx.db.read,
    page.items.map((version) => version.authorId),
  );
  const items = page.items.map(({ seq, at, authorId, body, before: earlier, sameAs }) => {
    const { added, removed } = wordsChanged(earlier, body);
    const author = { id: authorId, name: nameOf(authorId) };
    return { seq, at: at.toISOString(), author, wordsAdded: added, wordsRemoved: removed, sameAs };
  });
  return { items, nextCursor: page.nextCursor };
}

/** Deleting takes the text away; its history would give it back. */
export function requireText(note: EntryRow): void {
  if (note.deletedAt) throw new AppError("conflict", "The note was deleted, and its text with it.");
}

/** A note's text as of a row of the log. @throws AppError "not_found" | "conflict" when the note was deleted */
export async function readNoteVersion(ctx: Ctx, { seq, ...key }: NoteKey & { seq: number }): Promise<NoteVersionText> {
  const note = await findNote(ctx, "incidents.read", key);
  requireText(note);
  let row: LoggedRow | null = null;
  let body: string | undefined;
  const visit = (doc: Y.Doc, at: LoggedRow | null) => {
    if (at?.seq !== seq) return;
    row = at;
    body = notesOf(doc).get(note.id)?.toString();
  };
  await replayLog(ctx.db.read, documentOf(note), visit, { stops: new Set([seq]), untilSeq: seq });
  const found = row as LoggedRow | null;
  if (!found || body === undefined) throw new AppError("not_found", "There is no such version of this note.");
  const nameOf = await namesOf(ctx.db.read, [found.authorId]);
  const author = { id: found.authorId, name: nameOf(found.authorId) };
  return { seq, at: found.createdAt.toISOString(), author, body };
}
