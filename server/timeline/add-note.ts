import { randomUUID } from "node:crypto";
import * as Y from "yjs";
import { requireAbility } from "#/server/access/index.ts";
import { type Documents, notesOf } from "#/server/documents/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { accessTo, findIncidentOrTarget } from "#/server/incidents/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { wellFormedText } from "#/server/platform/well-formed.ts";
import type { AddNoteInput, TimelineEntryView } from "./contract.ts";
import { getEntry } from "./timeline-queries.ts";

/**
 * Adds a note, where people can go on writing it.
 *
 * The note enters the shared document; its row in the timeline is written in the commit that first contains it.
 * Safe to repeat with an `id`: a note that is there stays as it is.
 * @throws AppError "not_found" | "forbidden" | "unavailable"
 */
export async function addNote(
  ctx: Ctx,
  documents: Documents,
  input: { incident: string; id?: string } & AddNoteInput,
): Promise<TimelineEntryView> {
  const { row } = await findIncidentOrTarget(ctx.db.read, ctx, input.incident);
  requireAbility(ctx.actor, "timeline.write", await accessTo(ctx.db.read, ctx, row));
  const noteId = input.id ?? randomUUID();
  const write = (doc: Y.Doc) => {
    const notes = notesOf(doc);
    if (!notes.has(noteId)) notes.set(noteId, new Y.Text(wellFormedText(input.body)));
  };
  await documents.edit(ctx, { incidentId: row.id, kind: "notes" }, write, {
    meta: { at: input.at, mark: input.mark },
  });
  const view = await getEntry(ctx, noteId);
  if (!view)
    throw new AppError("unavailable", "The note is kept, but not yet in the timeline. Look again in a moment.");
  return view;
}
