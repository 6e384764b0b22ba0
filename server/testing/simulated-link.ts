import { EventEmitter } from "node:events";
import type { Connection } from "#/server/realtime/sync/connection.ts";
import { unframed } from "./unframed.ts";

const OPEN = 1;
const CLOSED = 3;

type ToClient = Uint8Array | { closedWith: number };

/**
 * One connection of a simulated client: two queues in memory, whose frames move only when the simulation says so.
 * It is to the server's `Connection` what a socket is; within one link frames keep their order, as in TCP.
 */
export class SimulatedLink extends EventEmitter {
  readonly OPEN = OPEN;
  readyState = OPEN;
  connection: Connection | null = null;
  /** Somebody on the way changed what was sent: a refusal is what must follow. */
  isTampered = false;
  readonly toServer: Uint8Array[] = [];
  readonly toClient: ToClient[] = [];
  readonly #onFrame: (link: SimulatedLink, frame: Uint8Array) => void;
  readonly #onClosed: (link: SimulatedLink, code: number | null) => void;
  #isPaused = false;
  /** Nothing more is added in either direction; each side learns of it once it has got what was on its way. */
  #isCut = false;
  #clientKnows = false;
  #serverIsGone = false;

  constructor(
    onFrame: (link: SimulatedLink, frame: Uint8Array) => void,
    onClosed: (link: SimulatedLink, code: number | null) => void,
  ) {
    super();
    this.#onFrame = onFrame;
    this.#onClosed = onClosed;
  }

  get bufferedAmount(): number {
    return 0;
  }

  /** Both sides have learned all that they ever will. */
  get isOver(): boolean {
    return this.#clientKnows && (this.#serverIsGone || this.readyState === CLOSED);
  }

  get told(): string {
    const state = [
      this.connection ? "attached" : "opening",
      this.#isPaused && "paused",
      this.#isCut && "cut",
      this.#serverIsGone && "server gone",
      this.readyState === CLOSED && "closed",
    ];
    return `${state.filter(Boolean).join(" ")}, ${this.toServer.length} up, ${this.toClient.length} down`;
  }

  // What the server does with its socket.

  send(frame: Uint8Array): void {
    if (!this.#isCut && !this.#serverIsGone) this.toClient.push(Uint8Array.from(frame));
  }

  sendFramed(frames: Buffer): void {
    for (const message of unframed(frames)) this.send(message);
  }

  close(code = 1005): void {
    if (this.readyState !== OPEN) return;
    this.readyState = CLOSED;
    if (!this.#isCut) this.toClient.push({ closedWith: code });
  }

  terminate(): void {
    this.close(1006);
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
  }

  ping(): void {}

  // What the client does.

  sendUp(frame: Uint8Array): void {
    if (!this.#isCut) this.toServer.push(Uint8Array.from(frame));
  }

  // What the network does.

  /** Loses what is on its way but for the first frames of each direction, and everything after. */
  cut(keptUp: number, keptDown: number): void {
    this.#isCut = true;
    this.toServer.splice(keptUp);
    this.toClient.splice(keptDown);
  }

  /** The process of the server is gone: it reads nothing more, and of what it sent only the first frames arrive. */
  loseServer(keptDown: number): void {
    this.#serverIsGone = true;
    this.cut(0, keptDown);
  }

  /** Gives the server the next frame, or the end. */
  deliverUp(): void {
    if (this.#serverIsGone || this.readyState === CLOSED || this.#isPaused || !this.connection) return;
    const frame = this.toServer.shift();
    if (frame) {
      this.emit("message", Buffer.from(frame), true);
    } else if (this.#isCut) {
      this.readyState = CLOSED;
      this.emit("close");
    }
  }

  /** Gives the client the next frame, or the end. */
  deliverDown(): void {
    if (this.#clientKnows) return;
    const next = this.toClient.shift();
    if (next instanceof Uint8Array) this.#onFrame(this, next);
    else if (next) this.#endForClient(next.closedWith);
    else if (this.#isCut) this.#endForClient(null);
  }

  #endForClient(code: number | null): void {
    this.#clientKnows = true;
    this.cut(this.toServer.length, 0);
    this.#onClosed(this, code);
  }
}
