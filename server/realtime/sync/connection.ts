import type { UserActor } from "#/server/access/index.ts";
import { closeCodes, UPDATE_BYTES_MAX } from "#/server/documents/contract.ts";
import { type OpenRoom, type Room, type Seat, takeSeat, UpdateRefused } from "#/server/documents/index.ts";
import {
  barrierFrame,
  type Frame,
  heartbeatFrame,
  type Notice,
  noticeFrame,
  readFrame,
  step1Frame,
  step2Frame,
  updateFrame,
} from "./frames.ts";
import { awarenessPace, syncPace, waitAfter } from "./pace.ts";
import type { Presence, PresenceMember } from "./presence.ts";
import type { Applicant, Rights } from "./rights.ts";
import { SlowReader } from "./slow-reader.ts";
import { framed, type SyncSocket } from "./sync-socket.ts";

/** What many get is made once, for as long as somebody holds what it is made from. */
function madeOnce<Source extends object>(make: (source: Source) => Buffer): (source: Source) => Buffer {
  const made = new WeakMap<Source, Buffer>();
  return (source) => {
    const known = made.get(source);
    if (known) return known;
    const bytes = make(source);
    made.set(source, bytes);
    return bytes;
  };
}

const framedState = madeOnce((state: Uint8Array) => framed(step2Frame(state), true));
/** Several messages, one write. */
const framedUpdates = madeOnce((updates: readonly Uint8Array[]) => {
  const frames = updates.map((update) => framed(updateFrame(update)));
  return frames.length === 1 && frames[0] ? frames[0] : Buffer.concat(frames);
});

export type ConnectionParts = {
  socket: SyncSocket;
  open: OpenRoom;
  presence: Presence;
  applicant: Applicant;
  rights: Rights;
  onEnd(connection: Connection): void;
};

/** One client in one document: carries frames between its socket and the room, in order. */
export class Connection implements Seat, PresenceMember {
  readonly clients = new Set<number>();
  readonly applicant: Applicant;
  readonly incidentId: string;
  readonly canWrite: boolean;
  actor: UserActor;
  hasSynced = false;
  isSuspect = false;
  clientId: number | null = null;
  /** The newest change of rights that is being looked at for it. */
  checkedVersion = 0;
  /** Answered since it was last asked whether it lives. */
  isAlive = true;
  readonly #socket: SyncSocket;
  readonly #open: OpenRoom;
  readonly #presence: Presence;
  readonly #onEnd: (connection: Connection) => void;
  readonly #slow = new SlowReader();
  readonly #syncPace = syncPace();
  readonly #awarenessPace = awarenessPace();
  #inbox: Uint8Array[] = [];
  /** Updates that came before what they build on. */
  #early: Uint8Array[] = [];
  #earlyBarriers: number[] = [];
  #lastTicket = 0;
  #hasAsked = false;
  /** Updates that go out right after a whole state that waits for its commit. */
  #behindState: Uint8Array[] | null = null;
  #wasRefused = false;
  #isSuspended = false;
  #isEnded = false;
  #pause: NodeJS.Timeout | null = null;

  constructor({ socket, open, presence, applicant, rights, onEnd }: ConnectionParts) {
    this.#socket = socket;
    this.#open = open;
    this.#presence = presence;
    this.#onEnd = onEnd;
    this.applicant = applicant;
    this.actor = rights.actor;
    this.incidentId = rights.incidentId;
    this.canWrite = rights.canWrite;
    socket.on("message", (data: Buffer, isBinary: boolean) => this.#onMessage(data, isBinary));
    socket.on("pong", () => {
      this.isAlive = true;
    });
    socket.on("error", () => this.#leave());
    socket.on("close", () => this.#leave());
    takeSeat(open, this);
    if (applicant.wantsHello) {
      this.#notify({ kind: "joined", epoch: this.room.options.epoch, canWrite: this.canWrite });
    }
    this.send(step1Frame(this.room.stateVector()));
    presence.join(this);
  }

  get room(): Room {
    return this.#open.room;
  }

  get buffered(): number {
    return this.#socket.bufferedAmount;
  }

  send(frame: Uint8Array): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(frame);
  }

  /** Sends what is framed already: once for all whom it goes to. */
  sendFramed(frames: Buffer): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.sendFramed(frames);
  }

  #notify(notice: Notice): void {
    this.send(noticeFrame(notice));
  }

  receive(updates: readonly Uint8Array[]): void {
    // Its question is still to come: the answer will have this, and without the answer it could make nothing of it.
    if (!this.#hasAsked) return;
    if (this.#behindState) this.#behindState.push(...updates);
    else if (!this.#slow.holdsBack(updates, this.buffered, this.room.doc)) this.sendFramed(framedUpdates(updates));
  }

  end(closeCode: number): void {
    this.close(closeCode);
  }

  /** Closes; nothing that the client sends is accepted from here on. */
  close(code: number, reason = ""): void {
    if (this.#isEnded) return;
    this.#leave();
    this.#socket.close(code, reason);
    // Reading goes on for the other side's answer to the close; anything else it sends is passed over.
    this.#socket.resume();
  }

  #leave(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    if (this.#pause) clearTimeout(this.#pause);
    this.#inbox = [];
    this.room.seats.delete(this);
    this.#presence.leave(this);
    this.#open.release();
    this.#onEnd(this);
  }

  /** Stops taking frames until `resume`: its rights are being looked at. */
  suspend(): void {
    this.#isSuspended = true;
    this.#socket.pause();
  }

  resume(): void {
    this.#isSuspended = false;
    this.#work();
  }

  /** Sends what keeps the client from thinking the connection dead, and asks whether it lives. */
  beat(): void {
    const isReading = !this.#pause && !this.#isSuspended;
    if (!this.isAlive && isReading) {
      this.#leave();
      this.#socket.terminate();
      return;
    }
    this.isAlive = false;
    this.send(heartbeatFrame);
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
  }

  /** Brings a reader that lagged up to date, or gives it up. */
  checkLag(): void {
    if (this.#slow.isHopeless(this.buffered)) {
      this.close(closeCodes.comeBackLater, "too slow");
      this.#socket.terminate();
      return;
    }
    const missed = this.#slow.catchUp(this.buffered, this.room.doc);
    if (!missed) return;
    this.#slow.allow(missed.length);
    this.#sendOnceStored(framed(updateFrame(missed)));
  }

  #onMessage(data: Buffer, isBinary: boolean): void {
    if (this.#isEnded) return;
    if (!isBinary) {
      this.close(closeCodes.invalid, "frames are binary");
      return;
    }
    this.#inbox.push(data);
    this.#work();
  }

  #work(): void {
    while (!this.#isSuspended && !this.#pause && !this.#isEnded) {
      const bytes = this.#inbox.shift();
      if (!bytes) {
        this.#socket.resume();
        return;
      }
      const wait = this.#handle(bytes);
      if (wait > 0) this.#readLater(wait);
    }
  }

  #readLater(waitMs: number): void {
    this.#socket.pause();
    this.#pause = setTimeout(() => {
      this.#pause = null;
      this.#work();
    }, waitMs);
  }

  /** Handles one frame; the milliseconds to wait before the next. */
  #handle(bytes: Uint8Array): number {
    try {
      const frame = readFrame(bytes);
      if (frame.type === "awareness") {
        this.#presence.receive(this, frame.bytes);
        return this.#awarenessPace.take();
      }
      const startedAt = performance.now();
      this.#dispatch(frame);
      return Math.max(this.#syncPace.take(), waitAfter(performance.now() - startedAt));
    } catch (error) {
      const isRefused = error instanceof UpdateRefused;
      const isFinal = isRefused && error.closeCode !== closeCodes.comeBackLater;
      if (isFinal) this.#notify({ kind: "refused", message: error.message });
      this.close(isRefused ? error.closeCode : closeCodes.invalid, isRefused ? error.message : "unreadable frame");
      return 0;
    }
  }

  #dispatch(frame: Exclude<Frame, { type: "awareness" }>): void {
    switch (frame.type) {
      case "step1":
        this.#answer(frame.stateVector);
        break;
      case "step2":
        this.#takeFirst(frame.update);
        break;
      case "update":
        this.#take(frame.update);
        break;
      case "barrier":
        if (this.#early.length > 0) this.#earlyBarriers.push(frame.number);
        else this.#answerBarrier(frame.number);
        break;
      case "queryAwareness":
        this.#presence.sendAll(this);
        break;
      case "unknown":
        break;
    }
  }

  #answer(stateVector: Uint8Array): void {
    this.#hasAsked = true;
    const state = this.room.stateFor(stateVector);
    this.#slow.allow(state.length);
    this.#sendOnceStored(framedState(state));
  }

  /** Sends a whole state, once what others may not hold before its commit is stored. */
  #sendOnceStored(frame: Buffer): void {
    const { committer, lastHeldTicket } = this.room;
    if (committer.isCommitted(lastHeldTicket)) {
      this.sendFramed(frame);
      return;
    }
    this.#behindState ??= [];
    committer.whenCommitted(lastHeldTicket).then(
      () => {
        this.sendFramed(frame);
        const behind = this.#behindState ?? [];
        this.#behindState = null;
        if (behind.length > 0) this.receive(behind);
      },
      // The document ended first: its end closes this connection.
      () => {},
    );
  }

  #takeFirst(update: Uint8Array): void {
    this.#submit(update, !this.hasSynced);
    this.hasSynced = true;
    for (const early of this.#early.splice(0)) this.#submit(early, false);
    for (const number of this.#earlyBarriers.splice(0)) this.#answerBarrier(number);
  }

  #take(update: Uint8Array): void {
    try {
      this.#submit(update, false);
    } catch (error) {
      if (this.hasSynced || !(error instanceof UpdateRefused && error.isGap)) throw error;
      this.#early.push(new Uint8Array(update));
      if (this.#early.reduce((sum, early) => sum + early.length, 0) > UPDATE_BYTES_MAX) throw error;
    }
  }

  #submit(update: Uint8Array, isFirstSync: boolean): void {
    if (!this.canWrite) {
      this.#refuseNews(update);
      return;
    }
    // Nothing new in it can mean that an earlier connection brought it, and that it still waits for its commit.
    this.#lastTicket = this.room.submit(this, update, isFirstSync) ?? this.room.committer.lastTicket;
  }

  /** A viewer's editor may answer the first sync with nothing; more than nothing is refused, and told once. */
  #refuseNews(update: Uint8Array): void {
    if (this.#wasRefused || !this.#hasNews(update)) return;
    this.#wasRefused = true;
    this.#notify({ kind: "refused", message: "Your role does not allow this. An administrator can change it." });
  }

  #hasNews(update: Uint8Array): boolean {
    try {
      return this.room.hasNews(update);
    } catch (error) {
      if (error instanceof UpdateRefused) return true;
      throw error;
    }
  }

  #answerBarrier(number: number): void {
    if (this.#wasRefused) return;
    const { committer } = this.room;
    if (committer.isCommitted(this.#lastTicket)) {
      this.sendFramed(framed(barrierFrame(number)));
      return;
    }
    committer.whenCommitted(this.#lastTicket).then(
      () => this.sendFramed(framed(barrierFrame(number))),
      // The document ended first: its end closes this connection, and no answer says that nothing is saved.
      () => {},
    );
  }
}
