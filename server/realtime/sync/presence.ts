import { createHash } from "node:crypto";
import * as decoding from "lib0/decoding";
import type { UserActor } from "#/server/access/index.ts";
import { PRESENCE_BYTES_MAX } from "#/server/documents/shared/lists.ts";
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
/** Okabe and Ito's colours, which everyone can tell apart, without black and the palest. */
const COLOURS = ["#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7"] as const;

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

/** A person's colour: always the same, and never a client's choice. */
export function colourOf(userId: string): string {
  const [byte = 0] = createHash("sha256").update(userId).digest();
  return COLOURS[byte % COLOURS.length] ?? COLOURS[0];
}

/** The state as others get it: what the client said, with the identity that the server knows; null when it is not a record. Pure. */
export function stampedState(state: string, actor: UserActor): string | null {
  if (Buffer.byteLength(state) > PRESENCE_BYTES_MAX) return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(state);
  } catch {
    return null;
  }
  if (parsed === null || typeof parsed !== "object" || Array.isArray(parsed)) return null;
  const color = colourOf(actor.userId);
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
    const stamped = stampedState(state, member.actor);
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
