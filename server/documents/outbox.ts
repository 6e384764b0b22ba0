import type { Seat } from "./seat.ts";

/** Sixty times a second, as screens show it: nobody sees that a letter comes this much later. */
export const TICK_MS = 15;
/** Who wrote this lately is still typing. */
const TYPING_MS = 500;

type Letter = { bytes: Uint8Array; from: Seat | null };

/**
 * Passes updates on to the room, each as it came, and to nobody their own.
 *
 * Telling each reader costs as much as taking an edit. So the letters of one person go at once, but not more often
 * than once a tick; and where several type, what comes within a tick goes together.
 */
export class Outbox {
  readonly #seats: ReadonlySet<Seat>;
  #letters: Letter[] = [];
  #isScheduled = false;
  #restsUntil = 0;
  #last: { from: Seat | null; at: number } | null = null;
  /** When somebody wrote who was not the one before. */
  #changedHandsAt = Number.NEGATIVE_INFINITY;
  readonly #begin = () => this.#send();

  constructor(seats: ReadonlySet<Seat>) {
    this.#seats = seats;
  }

  add(bytes: Uint8Array, from: Seat | null): void {
    const now = performance.now();
    if (this.#last && this.#last.from !== from && now - this.#last.at < TYPING_MS) this.#changedHandsAt = now;
    this.#last = { from, at: now };
    this.#letters.push({ bytes, from });
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    const waitMs = now - this.#changedHandsAt < TYPING_MS ? TICK_MS : this.#restsUntil - now;
    if (waitMs > 0) setTimeout(this.#begin, waitMs);
    else setImmediate(this.#begin);
  }

  #send(): void {
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
    this.#restsUntil = performance.now() + TICK_MS;
  }
}
