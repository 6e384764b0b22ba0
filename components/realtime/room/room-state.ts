import type { RoomFact, RoomView } from "#/server/realtime/contract.ts";

/** What came of a fact: it was known, it was applied, or facts before it are missing. */
export type Applied = { kind: "repeat" | "gap" } | { kind: "applied"; room: RoomView };

type Placed = { id: string; at: string; seq: number };

/** The order in which a timeline is shown: when it happened, then the order of commit. */
export function compareEntries(a: Placed, b: Placed): number {
  // RFC 3339 in UTC with milliseconds, as every time is: letters sort as instants do, without reading thousands of them.
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  return a.seq - b.seq;
}

/** The entries with one added, or replaced when it is known, in the order in which they are shown. */
export function withEntry<T extends Placed>(entries: readonly T[], entry: T): T[] {
  const known = entries.findLastIndex((each) => each.id === entry.id);
  const before = entries[known];
  if (before && compareEntries(before, entry) === 0) return entries.with(known, entry);
  const others = before ? entries.toSpliced(known, 1) : entries;
  // Nearly always it is the newest.
  const place = others.findLastIndex((each) => compareEntries(each, entry) < 0) + 1;
  return others.toSpliced(place, 0, entry);
}

/** What is pinned, after an entry changed. */
function withPin(pinned: RoomView["pinned"], entry: RoomView["pinned"][number]): RoomView["pinned"] {
  if (entry.pinned) return withEntry(pinned, entry);
  return pinned.some((each) => each.id === entry.id) ? pinned.filter((each) => each.id !== entry.id) : pinned;
}

/**
 * A room with older entries that were read later; `earlier` says what is still left out when they close up to those
 * that are shown. Pure.
 */
export function withEarlier(room: RoomView, read: RoomView["entries"], earlier = room.earlier): RoomView {
  const ids = new Set(read.map((entry) => entry.id));
  const entries = [...read, ...room.entries.filter((entry) => !ids.has(entry.id))].sort(compareEntries);
  return { ...room, entries, earlier };
}

/**
 * A room that was read anew, with what was shown of its earlier entries when the two meet. Pure.
 * Those may have changed meanwhile: whoever shows them reads them again.
 */
export function keepingEarlier(shown: RoomView, read: RoomView): RoomView {
  if (!read.earlier || read.earlier.beforeSeq > shown.seq + 1) return read;
  const { beforeSeq } = read.earlier;
  const from = shown.earlier?.beforeSeq ?? 0;
  if (from >= beforeSeq) return read;
  const kept = shown.entries.filter((entry) => entry.seq >= from && entry.seq < beforeSeq);
  return withEarlier(read, kept, shown.earlier);
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
  const next = { ...room, ...changed, seq };
  if (entry) {
    next.entries = withEntry(room.entries, entry);
    next.pinned = withPin(room.pinned, entry);
  }
  // By which reference this tab asked is not the server's to know later.
  const { mergedFrom } = room.incident;
  if (mergedFrom) next.incident = { ...next.incident, mergedFrom };
  return { kind: "applied", room: next };
}
