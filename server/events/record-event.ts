import { eq, inArray, sql } from "drizzle-orm";
import { afterCommit, type Sql } from "#/db/client.ts";
import { incidents, timelineEntries } from "#/db/schema/index.ts";
import { userIdOf } from "#/server/access/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import type { Ctx } from "./core.ts";
import type { EventType } from "./event-types.ts";
import type { RoomPart } from "./facts.ts";
import type { RecordedEvent } from "./handlers.ts";

export type NewEvent = {
  incidentId: string;
  type: EventType;
  /** When it happened; now unless said. */
  at?: Date;
  data?: Record<string, unknown>;
  /** Parts of the room that changed with it, beside the timeline. */
  parts?: readonly RoomPart[];
};

/** Takes the incident's next sequence number, and with it the row's lock until the end of the transaction. */
export async function nextSeq(tx: Sql, incidentId: string): Promise<number> {
  const [row] = await tx
    .update(incidents)
    .set({ lastSeq: sql`${incidents.lastSeq} + 1` })
    .where(eq(incidents.id, incidentId))
    .returning({ seq: incidents.lastSeq });
  if (!row) throw new AppError("not_found", "There is no such incident.");
  return row.seq;
}

/**
 * Writes an event into an incident's timeline, runs what belongs to it, and tells the room after the commit.
 *
 * Part of the caller's transaction. Sequence numbers are given under the incident's row lock, so their order is the order of commit.
 */
export async function recordEvent(tx: Sql, ctx: Ctx, event: NewEvent): Promise<RecordedEvent> {
  const seq = await nextSeq(tx, event.incidentId);
  const now = ctx.now();
  const data = event.data ?? {};
  const [entry] = await tx
    .insert(timelineEntries)
    .values({
      incidentId: event.incidentId,
      seq,
      kind: "event",
      type: event.type,
      at: event.at ?? now,
      recordedAt: now,
      actorId: userIdOf(ctx.actor),
      actorName: ctx.actor.name,
      data,
    })
    .returning({ id: timelineEntries.id, at: timelineEntries.at });
  if (!entry) throw new Error("an inserted entry was not returned");
  const recorded = { id: entry.id, incidentId: event.incidentId, seq, type: event.type, data, at: entry.at };
  const parts = ["timeline", ...(event.parts ?? ["incident"])] as RoomPart[];
  afterCommit(() => ctx.facts.emit("fact", { incidentId: event.incidentId, seq, parts, entryId: entry.id }));
  await ctx.handlers.run(tx, ctx, recorded);
  return recorded;
}

/** Tells the room that parts of it changed without an entry in the timeline: a count, a delivery's state. */
export async function touchRoom(
  tx: Sql,
  ctx: Ctx,
  incidentId: string,
  parts: readonly RoomPart[],
  entryId?: string,
): Promise<number> {
  const seq = await nextSeq(tx, incidentId);
  afterCommit(() => ctx.facts.emit("fact", { incidentId, seq, parts, ...(entryId && { entryId }) }));
  return seq;
}

/** The same for several rooms in one statement; those that are gone are passed over. */
export async function touchRooms(
  tx: Sql,
  ctx: Ctx,
  incidentIds: readonly string[],
  parts: readonly RoomPart[],
): Promise<void> {
  const touched = await tx
    .update(incidents)
    .set({ lastSeq: sql`${incidents.lastSeq} + 1` })
    .where(inArray(incidents.id, [...incidentIds]))
    .returning({ incidentId: incidents.id, seq: incidents.lastSeq });
  afterCommit(() => {
    for (const { incidentId, seq } of touched) ctx.facts.emit("fact", { incidentId, seq, parts });
  });
}
