import type { Seat } from "./seat.ts";

/** Sixty times a second, as screens show it: nobody sees that a letter comes this much later. */
const REST_MS = 15;
/** Telling more than this many takes milliseconds, which is rest enough: a longer one would be felt. */
const CROWD = 50;
/** Telling a crowd takes at most half of the time. */
const CROWD_REST_FACTOR = 1;

type Letter = { bytes: Uint8Array; from: Seat | null };

/**
 * Passes updates on to the room: the first at once, each as it came, and to nobody their own.
 *
 * Telling each reader costs as much as taking an edit; so the room rests after it, and what comes meanwhile goes together.
 */
export class Outbox {
  readonly #seats: ReadonlySet<Seat>;
  #letters: Letter[] = [];
  #isScheduled = false;
  #restsUntil = 0;
  readonly #begin = () => this.#send();

  constructor(seats: ReadonlySet<Seat>) {
    this.#seats = seats;
  }

  add(bytes: Uint8Array, from: Seat | null): void {
    this.#letters.push({ bytes, from });
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    const restMs = this.#restsUntil - performance.now();
    if (restMs > 0) setTimeout(this.#begin, restMs);
    else setImmediate(this.#begin);
  }

  #send(): void {
    const startedAt = performance.now();
    this.#isScheduled = false;
    const letters = this.#letters;
    this.#letters = [];
    const writers = new Set(letters.map((letter) => letter.from));
    const forAll = letters.map((letter) => letter.bytes);
    for (const seat of this.#seats) {
      if (!writers.has(seat)) {
        seat.receive(forAll);
        continue;
      }
      const others = letters.filter((letter) => letter.from !== seat).map((letter) => letter.bytes);
      if (others.length > 0) seat.receive(others);
    }
    const endedAt = performance.now();
    const restMs = this.#seats.size > CROWD ? CROWD_REST_FACTOR * (endedAt - startedAt) : REST_MS;
    this.#restsUntil = endedAt + Math.min(restMs, REST_MS);
  }
}
