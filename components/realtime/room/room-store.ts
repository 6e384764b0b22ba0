import type { PersonHere, RoomAnswer, RoomFact, RoomView } from "#/server/realtime/contract.ts";
import { applyFact, keepingEarlier, orderedRoom, withEarlier } from "./room-state.ts";

export type Connection = "connecting" | "live" | "reconnecting" | "closed";
export type RoomSnapshot = {
  readonly room: RoomView;
  readonly people: readonly PersonHere[];
  readonly connection: Connection;
  /** Why the server closed the room: 4401 signed out, 4403 role, 4404 not visible. */
  readonly closedCode: number | null;
  /** How often the room was read anew since the page was made. */
  readonly joins: number;
};

/** What the store needs of a Socket.IO connection. */
export type RoomLink = {
  readonly connected: boolean;
  onConnect(listener: () => void): () => void;
  onDisconnect(listener: () => void): () => void;
  onFact(listener: (fact: RoomFact) => void): () => void;
  onPeople(listener: (fact: { incidentId: string; people: PersonHere[] }) => void): () => void;
  onClosed(listener: (fact: { incidentId: string; code: number }) => void): () => void;
  /** `seq` is what this tab knows. */
  join(incident: string, seq: number): Promise<RoomAnswer>;
  leave(incident: string): void;
};

/** Facts that overtook each other arrive well within this; a real gap is asked for after it. */
const GAP_WAIT_MS = 250;
/** A join that failed is tried again after this, while the connection holds. */
const JOIN_RETRY_MS = 3_000;
/** Facts kept while one before them is missing; more of them, and the room is read anew anyway. */
const EARLY_FACTS_MAX = 200;

/**
 * What a tab shows after reading its room again, asked for when it knew `askedAt`. A fact that arrived meanwhile may be
 * newer than the answer; an answer from before the question is a server that was set back (a restored backup), and counts. Pure.
 */
function answered(shown: RoomView, read: RoomView, askedAt: number): RoomView {
  // It was merged meanwhile: its reference leads to the target.
  const isOther = read.incident.id !== shown.incident.id;
  const isSetBack = read.seq < askedAt;
  if (!isOther && !isSetBack && read.seq < shown.seq) return shown;
  const mergedFrom = isOther ? shown.incident.reference : shown.incident.mergedFrom;
  const room = isOther ? read : keepingEarlier(shown, read);
  return mergedFrom ? { ...room, incident: { ...room.incident, mergedFrom } } : room;
}

/**
 * The room in this tab: starts with what the server rendered, then follows facts by their sequence number.
 * Repeats are dropped; after a gap, and after every connect, the whole room is read anew.
 */
export class RoomStore {
  readonly #open: () => RoomLink;
  readonly #listeners = new Set<() => void>();
  readonly #early = new Map<number, RoomFact>();
  #snapshot: RoomSnapshot;
  #link: RoomLink | null = null;
  #stops: (() => void)[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isJoining = false;

  constructor(initial: RoomView, open: () => RoomLink) {
    this.#open = open;
    this.#snapshot = { room: orderedRoom(initial), people: [], connection: "connecting", closedCode: null, joins: 0 };
  }

  readonly getSnapshot = (): RoomSnapshot => this.#snapshot;

  /** While somebody listens the room is joined; after the last one left, it is left too. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (!this.#link) this.#start();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#stop();
    };
  };

  /** Takes older entries of the timeline that were read; see `withEarlier`. */
  readonly addEarlier = (entries: RoomView["entries"], earlier?: RoomView["earlier"]): void => {
    this.#change({ room: withEarlier(this.#snapshot.room, entries, earlier) });
  };

  #start(): void {
    const link = this.#open();
    const isMine = (fact: { incidentId: string }) => fact.incidentId === this.#snapshot.room.incident.id;
    this.#link = link;
    this.#stops = [
      link.onConnect(() => void this.#join()),
      link.onDisconnect(() => {
        if (this.#snapshot.connection !== "closed") this.#change({ connection: "reconnecting" });
      }),
      link.onFact((fact) => this.#receive(fact)),
      link.onPeople((fact) => isMine(fact) && this.#change({ people: fact.people })),
      link.onClosed((fact) => isMine(fact) && this.#change({ connection: "closed", closedCode: fact.code })),
    ];
    if (link.connected) void this.#join();
  }

  #stop(): void {
    clearTimeout(this.#timer);
    for (const stop of this.#stops) stop();
    if (this.#link?.connected) this.#link.leave(this.#snapshot.room.incident.id);
    this.#stops = [];
    this.#link = null;
    this.#isJoining = false;
  }

  #change(next: Partial<RoomSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...next };
    for (const listener of this.#listeners) listener();
  }

  #joinIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#join(), ms);
  }

  #receive(fact: RoomFact): void {
    const result = applyFact(this.#snapshot.room, fact);
    if (result.kind === "repeat") return;
    if (result.kind === "applied") {
      const room = this.#replayEarly(result.room);
      if (this.#early.size === 0 && !this.#isJoining) clearTimeout(this.#timer);
      this.#change({ room });
      return;
    }
    if (this.#early.size < EARLY_FACTS_MAX) this.#early.set(fact.seq, fact);
    if (!this.#isJoining) this.#joinIn(GAP_WAIT_MS);
  }

  /** Applies facts that came too early and now follow. */
  #replayEarly(room: RoomView): RoomView {
    let current = room;
    for (const fact of [...this.#early.values()].sort((a, b) => a.seq - b.seq)) {
      const result = applyFact(current, fact);
      if (result.kind === "gap") break;
      this.#early.delete(fact.seq);
      if (result.kind === "applied") current = result.room;
    }
    return current;
  }

  async #join(): Promise<void> {
    const link = this.#link;
    if (!link?.connected || this.#isJoining) return;
    this.#isJoining = true;
    clearTimeout(this.#timer);
    const askedAt = this.#snapshot.room.seq;
    const answer = await link.join(this.#snapshot.room.incident.id, askedAt).catch(() => null);
    // The subscription ended meanwhile: another join may be under way.
    if (this.#link !== link) return;
    this.#isJoining = false;
    // The connection was lost meanwhile: the next connect joins again, unless it has come already.
    if (!answer) return this.#joinIn(JOIN_RETRY_MS);
    if (!answer.ok && answer.code === "unavailable") return this.#joinIn(JOIN_RETRY_MS);
    if (!answer.ok) return this.#change({ connection: "closed" });
    const { room: shown, joins } = this.#snapshot;
    const read = answer.room && orderedRoom(answer.room);
    if (read && read.seq < askedAt) this.#early.clear();
    const room = this.#replayEarly(read ? answered(shown, read, askedAt) : shown);
    this.#change({
      room,
      joins: read ? joins + 1 : joins,
      ...(link.connected && { connection: "live", closedCode: null }),
    });
    if (this.#early.size > 0) this.#joinIn(GAP_WAIT_MS);
  }
}
