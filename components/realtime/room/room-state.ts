import type { RoomFact, RoomView } from "#/server/realtime/contract.ts";

/** What came of a fact: it was known, it was applied, or facts before it are missing. */
export type Applied = { kind: "repeat" | "gap" } | { kind: "applied"; room: RoomView };

type Placed = { id: string; at: string; seq: number };

/** The order in which a timeline is shown: when it happened, then the order of commit. */
export function compareEntries(a: Placed, b: Placed): number {
  const byTime = Date.parse(a.at) - Date.parse(b.at);
  return byTime !== 0 ? byTime : a.seq - b.seq;
}

/** The entries with one added, or replaced when it is known, in the order in which they are shown. */
export function withEntry<T extends Placed>(entries: readonly T[], entry: T): T[] {
  const others = entries.filter((each) => each.id !== entry.id);
  const last = others.at(-1);
  // Nearly always it is the newest.
  if (!last || compareEntries(last, entry) < 0) return [...others, entry];
  return [...others, entry].sort(compareEntries);
}

/** A room with its entries in the order in which they are shown. */
export function orderedRoom(room: RoomView): RoomView {
  return { ...room, entries: [...room.entries].sort(compareEntries) };
}

/** Applies the next fact to a room; a repeat and a fact that came too early change nothing. Pure. */
export function applyFact(room: RoomView, fact: RoomFact): Applied {
  if (fact.incidentId !== room.incident.id || fact.seq <= room.seq) return { kind: "repeat" };
  if (fact.seq > room.seq + 1) return { kind: "gap" };
  const { incidentId: _, seq, entry, ...parts } = fact;
  // What a fact leaves undefined did not change.
  const changed = Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));
  const next = { ...room, ...changed, seq, entries: entry ? withEntry(room.entries, entry) : room.entries };
  // By which reference this tab asked is not the server's to know later.
  const { mergedFrom } = room.incident;
  if (mergedFrom) next.incident = { ...next.incident, mergedFrom };
  return { kind: "applied", room: next };
}
