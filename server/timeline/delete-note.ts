import { and, eq, isNull } from "drizzle-orm";
import { timelineEntries } from "#/db/schema/index.ts";
import { isAtLeast } from "#/server/access/index.ts";
import { type Documents, notesOf } from "#/server/documents/index.ts";
import { type Ctx, touchRoom } from "#/server/events/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { findNote, type NoteKey } from "./find-note.ts";
import { buried } from "./rules.ts";

/**
 * Deletes a note: its text, mark and pin go, a tombstone stays. One's own, or any as an administrator.
 *
 * Safe to repeat.
 * @throws AppError "not_found" | "forbidden" | "unavailable"
 */
export async function deleteNote(ctx: Ctx, documents: Documents, key: NoteKey): Promise<void> {
  const note = await findNote(ctx, "timeline.delete", key);
  if (ctx.actor.kind === "user" && note.actorId !== ctx.actor.userId && !isAtLeast(ctx.actor.role, "admin")) {
    throw new AppError("forbidden", "Only its author or an administrator deletes a note.");
  }
  if (note.deletedAt) return;
  await documents.edit(ctx, { incidentId: note.incidentId, kind: "notes" }, (doc) => notesOf(doc).delete(note.id));
  await ctx.db.transaction(async (tx) => {
    const changed = await tx
      .update(timelineEntries)
      .set(buried(ctx.actor, ctx.now()))
      .where(and(eq(timelineEntries.id, note.id), isNull(timelineEntries.deletedAt)))
      .returning({ id: timelineEntries.id });
    // The projection did this already, unless it had to be left out.
    if (changed.length > 0) await touchRoom(tx, ctx, note.incidentId, ["timeline"], note.id);
  });
}
