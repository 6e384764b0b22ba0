import type * as Y from "yjs";
import { type Documents, notesOf } from "#/server/documents/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import type { TimelineEntryView } from "./contract.ts";
import { findNote, type NoteKey } from "./find-note.ts";
import { readNoteVersion, requireText } from "./note-versions.ts";
import { diffText } from "./shared/text-diff.ts";
import { getEntry } from "./timeline-queries.ts";

/** Edits a shared text into another one by touching only what differs, so that what others type beside it stays. */
export function editInto(text: Y.Text, after: string): void {
  let at = 0;
  for (const part of diffText(text.toString(), after)) {
    if (part.kind === "removed") {
      text.delete(at, part.text.length);
      continue;
    }
    if (part.kind === "added") text.insert(at, part.text);
    at += part.text.length;
  }
}

/**
 * Brings back what a note was, as one more edit of the shared text: it is a version itself, and can be undone by
 * restoring the one before.
 *
 * Safe to repeat: a note that reads like this already is not edited.
 * @throws AppError "not_found" | "forbidden" | "conflict" when the note was deleted | "unavailable"
 */
export async function restoreNoteVersion(
  ctx: Ctx,
  documents: Documents,
  { seq, ...key }: NoteKey & { seq: number },
): Promise<TimelineEntryView> {
  const note = await findNote(ctx, "timeline.write", key);
  requireText(note);
  const { body } = await readNoteVersion(ctx, { ...key, seq });
  await documents.edit(ctx, { incidentId: note.incidentId, kind: "notes" }, (doc) => {
    const text = notesOf(doc).get(note.id);
    if (!text) throw new AppError("conflict", "The note was deleted meanwhile.");
    editInto(text, body);
  });
  const view = await getEntry(ctx, note.id);
  if (!view) throw new AppError("not_found", "There is no such note.");
  return view;
}
