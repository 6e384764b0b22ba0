import * as Y from "yjs";
import type { Seat } from "./seat.ts";

/** Telling takes at most a quarter of the time. */
const REST_FACTOR = 3;
/** Nobody sees that a letter comes this much later. */
const REST_MAX_MS = 15;

type Letter = { bytes: Uint8Array; from: Seat | null };

function merged(letters: readonly Letter[]): Uint8Array | null {
  const [first, ...rest] = letters;
  if (!first) return null;
  return rest.length === 0 ? first.bytes : Y.mergeUpdates(letters.map((letter) => letter.bytes));
}

/**
 * Passes updates on to the room: the first at once, merged once for all, and to nobody their own.
 *
 * Telling a large room takes time; while edits come faster than it can be told, it rests three times as long as the
 * telling took, and what comes meanwhile goes together.
 */
export class Outbox {
  readonly #seats: ReadonlySet<Seat>;
  #letters: Letter[] = [];
  #isScheduled = false;
  #restsUntil = 0;

  constructor(seats: ReadonlySet<Seat>) {
    this.#seats = seats;
  }

  add(bytes: Uint8Array, from: Seat | null): void {
    this.#letters.push({ bytes, from });
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    const restMs = this.#restsUntil - performance.now();
    if (restMs > 0) setTimeout(() => this.#send(), restMs);
    else setImmediate(() => this.#send());
  }

  #send(): void {
    const startedAt = performance.now();
    this.#isScheduled = false;
    const letters = this.#letters.splice(0);
    const writers = new Set(letters.map((letter) => letter.from));
    const forAll = merged(letters);
    for (const seat of this.#seats) {
      const bytes = writers.has(seat) ? merged(letters.filter((letter) => letter.from !== seat)) : forAll;
      if (bytes) seat.receive(bytes);
    }
    const endedAt = performance.now();
    this.#restsUntil = endedAt + Math.min(REST_FACTOR * (endedAt - startedAt), REST_MAX_MS);
  }
}
