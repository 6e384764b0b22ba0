import { and, eq } from "drizzle-orm";
import { timelineEntries } from "#/db/schema/index.ts";
import { type Action, requireAbility } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { accessTo, findIncidentOrTarget } from "#/server/incidents/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import type { EntryRow } from "./present.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export type NoteKey = { incident: string; noteId: string };

/** A note, once it is clear that the actor may do this to it. @throws AppError "not_found" | "forbidden" */
export async function findNote(ctx: Ctx, action: Action, { incident, noteId }: NoteKey): Promise<EntryRow> {
  const { row } = await findIncidentOrTarget(ctx.db.read, ctx, incident);
  requireAbility(ctx.actor, action, await accessTo(ctx.db.read, ctx, row));
  const id = noteId.toLowerCase();
  const isThis = and(
    eq(timelineEntries.id, id),
    eq(timelineEntries.incidentId, row.id),
    eq(timelineEntries.kind, "note"),
  );
  const found = UUID.test(id) ? await ctx.db.read.select().from(timelineEntries).where(isThis) : [];
  const [note] = found;
  if (!note) throw new AppError("not_found", "There is no such note.");
  return note;
}
