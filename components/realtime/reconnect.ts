import { onWake } from "./wake.ts";

const WAIT_FIRST_MS = 500;
/** Slower than doubling: after a restart of some seconds the next wait is still of some seconds. */
const GROWTH = 1.3;
/** A server that came back is found within half a minute. */
const WAIT_MAX_MS = 30_000;

/** A random part of a wait that grows, so that a room of people does not come back in one instant. Pure. */
export function fullJitter(attempt: number, random: number): number {
  return random * Math.min(WAIT_MAX_MS, WAIT_FIRST_MS * GROWTH ** Math.min(attempt, 16));
}

/** Those of this page that wait. */
const waiting = new Set<Reconnect>();

/**
 * When one connection of the page is tried again: after a random wait, and at once when the device wakes up or is online
 * again, or when another connection of the page has found the server.
 */
export class Reconnect {
  readonly #connect: () => void;
  readonly #stopHearing: () => void;
  #attempt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(connect: () => void) {
    this.#connect = connect;
    this.#stopHearing = onWake(() => this.now());
  }

  /** The connection is lost, or could not be made. */
  later(): void {
    clearTimeout(this.#timer);
    waiting.add(this);
    this.#timer = setTimeout(() => this.#try(), fullJitter(this.#attempt, Math.random()));
    this.#attempt += 1;
  }

  /** Ends a wait; nothing happens when there is none. */
  now(): void {
    if (!waiting.has(this)) return;
    this.#attempt = 0;
    this.#try();
  }

  /** The connection works: the server is there, also for the others. */
  done(): void {
    this.#attempt = 0;
    this.#cancel();
    for (const other of [...waiting]) other.now();
  }

  stop(): void {
    this.#cancel();
    this.#stopHearing();
  }

  #try(): void {
    this.#cancel();
    this.#connect();
  }

  #cancel(): void {
    clearTimeout(this.#timer);
    waiting.delete(this);
  }
}
