import * as Y from "yjs";
import type { Seat } from "./seat.ts";

type Letter = { bytes: Uint8Array; from: Seat | null };

function merged(letters: readonly Letter[]): Uint8Array | null {
  const [first, ...rest] = letters;
  if (!first) return null;
  return rest.length === 0 ? first.bytes : Y.mergeUpdates(letters.map((letter) => letter.bytes));
}

/** Passes updates on to the room: once per turn of the event loop, merged once for all, and to nobody their own. */
export class Outbox {
  readonly #seats: ReadonlySet<Seat>;
  #letters: Letter[] = [];
  #isScheduled = false;

  constructor(seats: ReadonlySet<Seat>) {
    this.#seats = seats;
  }

  add(bytes: Uint8Array, from: Seat | null): void {
    this.#letters.push({ bytes, from });
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => this.#send());
  }

  #send(): void {
    this.#isScheduled = false;
    const letters = this.#letters.splice(0);
    const writers = new Set(letters.map((letter) => letter.from));
    const forAll = merged(letters);
    for (const seat of this.#seats) {
      const bytes = writers.has(seat) ? merged(letters.filter((letter) => letter.from !== seat)) : forAll;
      if (bytes) seat.receive(bytes);
    }
  }
}
