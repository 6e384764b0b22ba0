import { and, eq, isNotNull, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { timelineEntries } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type Ctx, recordAudit, touchRoom } from "#/server/events/index.ts";
import { accessTo, findIncidentOrTarget, lockIncident } from "#/server/incidents/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import type { ChangeEntryInput, TimelineEntryView } from "./contract.ts";
import { enqueueDecision } from "./decision-job.ts";
import { type EntryRow, presentEntry } from "./present.ts";
import { marked, pinned } from "./rules.ts";
import { PINNED_ENTRIES_MAX } from "./shared/lists.ts";

/** A clock that goes ahead by less than this is nobody's mistake. */
const AHEAD_MAX_MS = 60_000;

async function requireRoomToPin(tx: Sql, incidentId: string): Promise<void> {
  const [row] = await tx
    .select({ n: sql<number>`count(*)::int` })
    .from(timelineEntries)
    .where(and(eq(timelineEntries.incidentId, incidentId), isNotNull(timelineEntries.pinnedAt)));
  if ((row?.n ?? 0) < PINNED_ENTRIES_MAX) return;
  throw new AppError("conflict", `At most ${PINNED_ENTRIES_MAX} entries are pinned. Take one down first.`);
}

function requireChangeable(entry: EntryRow, change: ChangeEntryInput, now: Date): void {
  if (entry.deletedAt) throw new AppError("conflict", "The note was deleted; there is nothing left to change.");
  if (entry.kind === "event" && change.mark !== undefined) {
    throw new AppError("conflict", "Only a note is marked. Pin the event, or write a note about it.");
  }
  if (entry.kind === "event" && change.at !== undefined) {
    throw new AppError("conflict", "The time of an event is what the system saw. Only a note's can be corrected.");
  }
  if (change.at !== undefined && Date.parse(change.at) > now.getTime() + AHEAD_MAX_MS) {
    throw new AppError("invalid", "A note tells what has happened: its time cannot lie ahead.", {
      errors: [{ pointer: "/at", detail: "lies in the future" }],
    });
  }
}

async function changesOf(tx: Sql, ctx: Ctx, entry: EntryRow, change: ChangeEntryInput) {
  const now = ctx.now();
  const isPin = change.pinned !== undefined && change.pinned !== (entry.pinnedAt !== null);
  if (isPin && change.pinned) await requireRoomToPin(tx, entry.incidentId);
  const at = change.at === undefined ? entry.at : new Date(change.at);
  return {
    ...(change.mark !== undefined && change.mark !== entry.mark && marked(change.mark, ctx.actor, now)),
    ...(isPin && pinned(change.pinned === true, ctx.actor, now)),
    ...(at.getTime() !== entry.at.getTime() && { at }),
  };
}

/**
 * Marks a note, pins an entry, or corrects when a note happened; only what the input names.
 *
 * One transaction under the incident's row lock, safe to repeat: what is so already is not recorded again. A corrected
 * time is written into the audit log.
 * @throws AppError "not_found" | "forbidden" | "invalid" | "conflict"
 */
export async function changeEntry(
  ctx: Ctx,
  { incident, entryId, change }: { incident: string; entryId: string; change: ChangeEntryInput },
): Promise<TimelineEntryView> {
  return ctx.db.transaction(async (tx) => {
    const { row: found } = await findIncidentOrTarget(tx, ctx, incident);
    const row = await lockIncident(tx, ctx, found.id);
    requireAbility(ctx.actor, "timeline.write", await accessTo(tx, ctx, row));
    const isThis = and(eq(timelineEntries.id, entryId), eq(timelineEntries.incidentId, row.id));
    const [entry] = await tx.select().from(timelineEntries).where(isThis);
    if (!entry) throw new AppError("not_found", "There is no such entry.");
    requireChangeable(entry, change, ctx.now());
    const changes = await changesOf(tx, ctx, entry, change);
    if (Object.keys(changes).length === 0) return presentEntry(entry);
    const [after] = await tx.update(timelineEntries).set(changes).where(isThis).returning();
    if (!after) throw new Error("a changed entry was not returned");
    if (changes.at) {
      const detail = { entryId, from: entry.at.toISOString(), to: changes.at.toISOString() };
      await recordAudit(tx, ctx, { action: "timeline.at", objectKind: "incident", objectId: row.id, detail });
    }
    if ("mark" in changes && changes.mark === "decision") await enqueueDecision(tx, ctx, entryId);
    await touchRoom(tx, ctx, row.id, ["timeline"], entryId);
    return presentEntry(after);
  });
}
