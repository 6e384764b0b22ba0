import { randomUUID } from "node:crypto";
import { eq, inArray, sql } from "drizzle-orm";
import { afterCommit, rows, type Sql } from "#/db/client.ts";
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

/** Takes so many sequence numbers of each incident at once; the first of each. */
async function takeSeqs(tx: Sql, events: readonly NewEvent[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (const { incidentId } of events) counts.set(incidentId, (counts.get(incidentId) ?? 0) + 1);
  const taken = [...counts].map(([id, count]) => ({ id, count }));
  const found = await rows<{ id: string; last_seq: number }>(
    tx,
    sql`update ${incidents} set last_seq = ${incidents.lastSeq} + taken.count
      from json_to_recordset(${JSON.stringify(taken)}::json) as taken (id uuid, count integer)
      where ${incidents.id} = taken.id and ${incidents.id} = any(${sql.param([...counts.keys()])}::uuid[])
      returning ${incidents.id}, ${incidents.lastSeq}`,
  );
  if (found.length < taken.length) throw new AppError("not_found", "There is no such incident.");
  return new Map(found.map(({ id, last_seq }) => [id, Number(last_seq) - (counts.get(id) ?? 0) + 1]));
}

/**
 * Writes events into the timelines of their incidents, each incident's in their order, in two statements; then runs what
 * belongs to each, and tells the rooms after the commit.
 *
 * Part of the caller's transaction. Sequence numbers are given under the incident's row lock, so their order is the order of commit.
 */
export async function recordEvents(tx: Sql, ctx: Ctx, events: readonly NewEvent[]): Promise<RecordedEvent[]> {
  if (events.length === 0) return [];
  const next = await takeSeqs(tx, events);
  const now = ctx.now();
  const values = events.map(({ incidentId, type, at, data = {} }) => {
    const seq = next.get(incidentId) ?? 0;
    next.set(incidentId, seq + 1);
    return {
      id: randomUUID(),
      incidentId,
      seq,
      kind: "event" as const,
      type,
      at: at ?? now,
      recordedAt: now,
      actorId: userIdOf(ctx.actor),
      actorName: ctx.actor.name,
      data,
    };
  });
  await tx.insert(timelineEntries).values(values);
  afterCommit(() => {
    for (const [place, { id, incidentId, seq }] of values.entries()) {
      const parts = ["timeline", ...(events[place]?.parts ?? ["incident"])] as RoomPart[];
      ctx.facts.emit("fact", { incidentId, seq, parts, entryId: id });
    }
  });
  const recorded = values.map(({ id, incidentId, seq, type, data, at }) => ({ id, incidentId, seq, type, data, at }));
  for (const event of recorded) await ctx.handlers.run(tx, ctx, event);
  return recorded;
}

/** Writes one event, as `recordEvents` does. */
export async function recordEvent(tx: Sql, ctx: Ctx, event: NewEvent): Promise<RecordedEvent> {
  const [recorded] = await recordEvents(tx, ctx, [event]);
  return recorded as RecordedEvent;
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
