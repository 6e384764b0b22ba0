import { createEncoder, toUint8Array, writeVarUint } from "lib0/encoding";
import * as Y from "yjs";

/** Beyond this a reader gets nothing more until it has caught up, and then one difference. */
const LAG_AT_BYTES = 1024 * 1024;
/** It has caught up when this little is left. */
const CAUGHT_UP_BYTES = 64 * 1024;
/** Who is this far behind, or behind for this long, is sent off to come back. */
const GIVE_UP_BYTES = 4 * 1024 * 1024;
const GIVE_UP_MS = 10_000;

/** Follows how far a reader is behind, and what it has. */
export class SlowReader {
  /** The first full answer does not count as lagging. */
  #allowance = 0;
  #has: Map<number, number> | null = null;
  #since = 0;

  get isLagging(): boolean {
    return this.#has !== null;
  }

  /** A large answer was sent on purpose. */
  allow(bytes: number): void {
    this.#allowance = Math.max(this.#allowance, bytes);
  }

  /**
   * Whether updates must be held back; `doc` has them already.
   * From the first one on it is remembered what the reader has: what the document has, less what is held back.
   */
  holdsBack(updates: readonly Uint8Array[], buffered: number, doc: Y.Doc, now = performance.now()): boolean {
    if (!this.#has) {
      if (buffered <= LAG_AT_BYTES + this.#allowance) return false;
      this.#has = Y.decodeStateVector(Y.encodeStateVector(doc));
      this.#since = now;
    }
    for (const update of updates) this.#lacks(this.#has, update);
    return true;
  }

  #lacks(has: Map<number, number>, update: Uint8Array): void {
    for (const [client, clock] of Y.parseUpdateMeta(update).from) {
      has.set(client, Math.min(clock, has.get(client) ?? clock));
    }
  }

  /** True when there is no use in waiting any longer. */
  isHopeless(buffered: number, now = performance.now()): boolean {
    return buffered > GIVE_UP_BYTES + this.#allowance || (this.#has !== null && now - this.#since > GIVE_UP_MS);
  }

  /** What the reader lacks, once it has caught up with what was sent; null until then. */
  catchUp(buffered: number, doc: Y.Doc): Uint8Array | null {
    if (!this.#has || buffered > CAUGHT_UP_BYTES) return null;
    const difference = Y.encodeStateAsUpdate(doc, encodeStateVector(this.#has));
    this.#has = null;
    return difference;
  }
}

function encodeStateVector(has: ReadonlyMap<number, number>): Uint8Array {
  const known = [...has].filter(([, clock]) => clock > 0);
  const encoder = createEncoder();
  writeVarUint(encoder, known.length);
  for (const [client, clock] of known) {
    writeVarUint(encoder, client);
    writeVarUint(encoder, clock);
  }
  return toUint8Array(encoder);
}
