import type { PersonHere, RoomAnswer, RoomFact, RoomView } from "#/server/realtime/contract.ts";
import { applyFact, orderedRoom } from "./room-state.ts";

export type Connection = "connecting" | "live" | "reconnecting" | "closed";
export type RoomSnapshot = {
  room: RoomView;
  people: readonly PersonHere[];
  connection: Connection;
  /** Why the server closed the room: 4401 signed out, 4403 role, 4404 not visible. */
  closedCode: number | null;
};

/** What the store needs of a Socket.IO connection. */
export type RoomLink = {
  readonly connected: boolean;
  onConnect(listener: () => void): () => void;
  onDisconnect(listener: () => void): () => void;
  onFact(listener: (fact: RoomFact) => void): () => void;
  onPeople(listener: (fact: { incidentId: string; people: PersonHere[] }) => void): () => void;
  onClosed(listener: (fact: { incidentId: string; code: number }) => void): () => void;
  join(incident: string): Promise<RoomAnswer>;
  leave(incident: string): void;
};

export type RoomStore = {
  getSnapshot(): RoomSnapshot;
  /** While somebody listens the room is joined; after the last one left, it is left too. */
  subscribe(listener: () => void): () => void;
};

/** Facts that overtook each other arrive well within this; a real gap is asked for after it. */
const GAP_WAIT_MS = 250;
/** A join that failed is tried again after this, while the connection holds. */
const JOIN_RETRY_MS = 3_000;
/** Facts kept while one before them is missing; more of them, and the room is read anew anyway. */
const EARLY_FACTS_MAX = 200;

/** What a tab shows after reading its room again. A fact that arrived meanwhile may be newer than the answer. Pure. */
function answered(shown: RoomView, read: RoomView): RoomView {
  // It was merged meanwhile: its reference leads to the target.
  const isOther = read.incident.id !== shown.incident.id;
  if (!isOther && read.seq < shown.seq) return shown;
  const mergedFrom = isOther ? shown.incident.reference : shown.incident.mergedFrom;
  return mergedFrom ? { ...read, incident: { ...read.incident, mergedFrom } } : read;
}

/**
 * The room in this tab: starts with what the server rendered, then follows facts by their sequence number.
 * Repeats are dropped; after a gap, and after every connect, the whole room is read anew.
 */
export function createRoomStore(initial: RoomView, open: () => RoomLink, onTime?: (at: string) => void): RoomStore {
  const listeners = new Set<() => void>();
  const early = new Map<number, RoomFact>();
  let snapshot: RoomSnapshot = {
    room: orderedRoom(initial),
    people: [],
    connection: "connecting",
    closedCode: null,
  };
  let stop: (() => void) | null = null;
  let link: RoomLink | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isJoining = false;

  function change(next: Partial<RoomSnapshot>): void {
    snapshot = { ...snapshot, ...next };
    for (const listener of listeners) listener();
  }

  function joinIn(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => void join(), ms);
  }

  /** Applies facts that came too early and now follow. */
  function replayEarly(room: RoomView): RoomView {
    let current = room;
    for (const fact of [...early.values()].sort((a, b) => a.seq - b.seq)) {
      const result = applyFact(current, fact);
      if (result.kind === "gap") break;
      early.delete(fact.seq);
      if (result.kind === "applied") current = result.room;
    }
    return current;
  }

  function receive(fact: RoomFact): void {
    const result = applyFact(snapshot.room, fact);
    if (result.kind === "repeat") return;
    if (result.kind === "applied") {
      const room = replayEarly(result.room);
      if (early.size === 0 && !isJoining) clearTimeout(timer);
      change({ room });
      return;
    }
    if (early.size < EARLY_FACTS_MAX) early.set(fact.seq, fact);
    if (!isJoining) joinIn(GAP_WAIT_MS);
  }

  async function join(): Promise<void> {
    const current = link;
    if (!current?.connected || isJoining) return;
    isJoining = true;
    clearTimeout(timer);
    const answer = await current.join(snapshot.room.incident.id).catch(() => null);
    isJoining = false;
    // The subscription ended meanwhile, or the connection was lost: the next connect joins again.
    if (link !== current || !current.connected) return;
    if (!answer) return joinIn(JOIN_RETRY_MS);
    if (!answer.ok) return answer.code === "unavailable" ? joinIn(JOIN_RETRY_MS) : change({ connection: "closed" });
    onTime?.(answer.room.serverTime);
    const room = replayEarly(answered(snapshot.room, orderedRoom(answer.room)));
    change({ room, connection: "live", closedCode: null });
    if (early.size > 0) joinIn(GAP_WAIT_MS);
  }

  function start(): void {
    const current = open();
    link = current;
    const isMine = (fact: { incidentId: string }) => fact.incidentId === snapshot.room.incident.id;
    const stops = [
      current.onConnect(() => void join()),
      current.onDisconnect(() => {
        if (snapshot.connection !== "closed") change({ connection: "reconnecting" });
      }),
      current.onFact(receive),
      current.onPeople((fact) => isMine(fact) && change({ people: fact.people })),
      current.onClosed((fact) => isMine(fact) && change({ connection: "closed", closedCode: fact.code })),
    ];
    if (current.connected) void join();
    stop = () => {
      clearTimeout(timer);
      for (const each of stops) each();
      if (current.connected) current.leave(snapshot.room.incident.id);
      link = null;
      isJoining = false;
    };
  }

  return {
    getSnapshot: () => snapshot,
    subscribe(listener) {
      listeners.add(listener);
      if (!stop) start();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        stop?.();
        stop = null;
      };
    },
  };
}
