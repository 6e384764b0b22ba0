import * as decoding from "lib0/decoding";
import type { UserActor } from "#/server/access/index.ts";
import { PRESENCE_BYTES_MAX } from "#/server/documents/shared/lists.ts";
import { assignColours, preferredColour } from "../shared/person-colours.ts";
import { awarenessFrame, type PresenceEntry } from "./frames.ts";
import { framed } from "./sync-socket.ts";

/** Cursors move at most this often for others; in a crowd less. */
const FLUSH_PAUSE_MS = 100;
const CROWDED_PAUSE_MS = 250;
const CROWD = 50;
/** A cursor is worth nothing to somebody who lags this far behind. */
const BUFFERED_MAX = 64 * 1024;
/** Others send back what they were told of somebody who left; for this long it is not taken for a newcomer. */
const GONE_MS = 60_000;
/** Provider clients repeat everyone's entry; more than a full room in one frame is not that. */
const ENTRIES_MAX = 1_000;
/** What plain providers draw, by the number of a person's colour; Muster's pages draw their theme's own. */
const COLOURS = [
  "#0a6aa8",
  "#9c3f74",
  "#0b7355",
  "#8f5f00",
  "#5b43b8",
  "#b3261e",
  "#0a7480",
  "#5c6b00",
  "#7d4a2a",
  "#a818a8",
  "#4d5b6e",
  "#2b3fb0",
] as const;

/** Somebody whose presence is shown. */
export type PresenceMember = {
  readonly actor: UserActor;
  /** The client id that this connection speaks for, once it has said one. */
  clientId: number | null;
  readonly buffered: number;
  send(frame: Uint8Array): void;
  /** Sends what goes to many, framed once for all. */
  sendFramed(frame: Buffer): void;
};

/** `said` is the client's own clock; the one that others get goes on where they saw the entry end. */
type Held = PresenceEntry & { member: PresenceMember; said: number };
type Gone = { at: number; userId: string; clock: number };

/** The colour of a number of 1 to 12. */
function hexOf(colour: number): string {
  return COLOURS[(colour - 1) % COLOURS.length] ?? COLOURS[0];
}

/** The state as others get it: what the client said, with the identity and colour that the server knows; null when it is not a record. Pure. */
export function stampedState(state: string, actor: UserActor, colour = preferredColour(actor.userId)): string | null {
  if (Buffer.byteLength(state) > PRESENCE_BYTES_MAX) return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(state);
  } catch {
    return null;
  }
  if (parsed === null || typeof parsed !== "object" || Array.isArray(parsed)) return null;
  const color = hexOf(colour);
  return JSON.stringify({
    ...parsed,
    user: { name: actor.name, userId: actor.userId, color, colorLight: `${color}33` },
  });
}

/** Who is in one document and where their cursors are. In memory only, one entry a connection. */
export class Presence {
  readonly #members = new Set<PresenceMember>();
  readonly #entries = new Map<number, Held>();
  readonly #gone = new Map<number, Gone>();
  readonly #mayClaim: (member: PresenceMember, clientId: number) => boolean;
  /** By person: those present have different colours, as long as there are enough. */
  #colours: ReadonlyMap<string, number> = new Map();
  #changed = new Map<number, PresenceEntry>();
  #timer: NodeJS.Timeout | null = null;
  #flushedAt = 0;

  constructor(mayClaim: (member: PresenceMember, clientId: number) => boolean) {
    this.#mayClaim = mayClaim;
  }

  get size(): number {
    return this.#members.size;
  }

  /** Adds a connection and shows it everyone. */
  join(member: PresenceMember): void {
    this.#members.add(member);
    if (!this.#colours.has(member.actor.userId)) {
      const present = [...this.#members].map((each) => each.actor.userId);
      this.#colours = assignColours([...new Set(present)], this.#colours);
    }
    this.sendAll(member);
  }

  sendAll(member: PresenceMember): void {
    if (this.#entries.size > 0) member.send(awarenessFrame([...this.#entries.values()]));
  }

  /**
   * Takes an awareness message: the sender's own entry counts, everyone else's is passed over unread.
   * @throws Error when it is cut short
   */
  receive(member: PresenceMember, bytes: Uint8Array): void {
    const decoder = decoding.createDecoder(bytes);
    const count = Math.min(decoding.readVarUint(decoder), ENTRIES_MAX);
    for (let index = 0; index < count; index += 1) {
      const clientId = decoding.readVarUint(decoder);
      const clock = decoding.readVarUint(decoder);
      if (this.#isOwn(member, clientId)) {
        this.#take(member, { clientId, clock, state: decoding.readVarString(decoder) });
      } else {
        const length = decoding.readVarUint(decoder);
        decoder.pos += length;
      }
    }
  }

  #isOwn(member: PresenceMember, clientId: number): boolean {
    if (member.clientId !== null) return member.clientId === clientId;
    const gone = this.#gone.get(clientId);
    const isGone = gone !== undefined && performance.now() - gone.at < GONE_MS;
    const holderId = this.#entries.get(clientId)?.member.actor.userId ?? (isGone ? gone.userId : null);
    if (holderId !== null && holderId !== member.actor.userId) return false;
    if (!this.#mayClaim(member, clientId)) return false;
    member.clientId = clientId;
    return true;
  }

  #take(member: PresenceMember, { clientId, clock, state }: PresenceEntry): void {
    const before = this.#entries.get(clientId);
    if (before && before.member === member && clock <= before.said && state !== "null") return;
    if (state === "null") {
      this.#remove(clientId, clock);
      return;
    }
    const stamped = stampedState(state, member.actor, this.#colours.get(member.actor.userId));
    if (stamped === null) return;
    const told = before?.clock ?? this.#gone.get(clientId)?.clock ?? -1;
    const entry = { clientId, clock: Math.max(clock, told + 1), said: clock, state: stamped, member };
    this.#entries.set(clientId, entry);
    this.#note(entry);
  }

  #remove(clientId: number, clock: number): void {
    const before = this.#entries.get(clientId);
    if (!before) return;
    this.#entries.delete(clientId);
    const ended = Math.max(clock, before.clock + 1);
    this.#gone.set(clientId, { at: performance.now(), userId: before.member.actor.userId, clock: ended });
    this.#note({ clientId, clock: ended, state: "null" });
  }

  /** Removes a connection, and its entry unless a newer connection has taken it over. */
  leave(member: PresenceMember): void {
    this.#members.delete(member);
    const { clientId } = member;
    if (clientId === null || this.#entries.get(clientId)?.member !== member) return;
    for (const [id, { at }] of this.#gone) if (performance.now() - at > GONE_MS) this.#gone.delete(id);
    this.#remove(clientId, 0);
    if (this.#members.size === 0) this.stop();
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #note(entry: PresenceEntry): void {
    this.#changed.set(entry.clientId, entry);
    if (this.#timer) return;
    const pause = this.#members.size > CROWD ? CROWDED_PAUSE_MS : FLUSH_PAUSE_MS;
    const wait = Math.max(0, this.#flushedAt + pause - performance.now());
    this.#timer = setTimeout(() => this.#flush(), wait);
  }

  #flush(): void {
    this.#timer = null;
    this.#flushedAt = performance.now();
    const frame = framed(awarenessFrame([...this.#changed.values()]));
    this.#changed = new Map();
    for (const member of this.#members) if (member.buffered < BUFFERED_MAX) member.sendFramed(frame);
  }
}
