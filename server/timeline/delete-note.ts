import { and, eq, isNull } from "drizzle-orm";
import { timelineEntries } from "#/db/schema/index.ts";
import { isAtLeast, requireAbility } from "#/server/access/index.ts";
import { type Documents, notesOf } from "#/server/documents/index.ts";
import { type Ctx, touchRoom } from "#/server/events/index.ts";
import { accessTo, findIncidentOrTarget } from "#/server/incidents/index.ts";
import { AppError } from "#/server/platform/errors.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Deletes a note: its text goes, a tombstone stays. One's own, or any as an administrator.
 *
 * Safe to repeat.
 * @throws AppError "not_found" | "forbidden" | "unavailable"
 */
export async function deleteNote(
  ctx: Ctx,
  documents: Documents,
  { incident, noteId }: { incident: string; noteId: string },
): Promise<void> {
  const { row } = await findIncidentOrTarget(ctx.db.read, ctx, incident);
  requireAbility(ctx.actor, "timeline.delete", await accessTo(ctx.db.read, ctx, row));
  const isThisNote = and(
    eq(timelineEntries.id, noteId.toLowerCase()),
    eq(timelineEntries.incidentId, row.id),
    eq(timelineEntries.kind, "note"),
  );
  const found = UUID.test(noteId.toLowerCase())
    ? await ctx.db.read.select().from(timelineEntries).where(isThisNote)
    : [];
  const [note] = found;
  if (!note) throw new AppError("not_found", "There is no such note.");
  if (ctx.actor.kind === "user" && note.actorId !== ctx.actor.userId && !isAtLeast(ctx.actor.role, "admin")) {
    throw new AppError("forbidden", "Only its author or an administrator deletes a note.");
  }
  if (note.deletedAt) return;
  await documents.edit(ctx, { incidentId: row.id, kind: "notes" }, (doc) => notesOf(doc).delete(note.id));
  await ctx.db.transaction(async (tx) => {
    const buried = await tx
      .update(timelineEntries)
      .set({ body: "", deletedAt: ctx.now() })
      .where(and(isThisNote, isNull(timelineEntries.deletedAt)))
      .returning({ id: timelineEntries.id });
    // The projection did this already, unless it had to be left out.
    if (buried.length > 0) await touchRoom(tx, ctx, row.id, ["timeline"], note.id);
  });
}
