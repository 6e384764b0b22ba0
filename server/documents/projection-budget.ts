import { PROJECTION_BURST_MS, PROJECTION_SHARE } from "./limits.ts";

/**
 * How much of a core the tables made from documents may take.
 *
 * A few people who type are projected with each of their commits; hundreds are projected about once a second.
 */
export class ProjectionBudget {
  #leftMs = PROJECTION_BURST_MS;
  #at: number;

  constructor(now = performance.now()) {
    this.#at = now;
  }

  isLeft(now = performance.now()): boolean {
    this.#leftMs = Math.min(PROJECTION_BURST_MS, this.#leftMs + (now - this.#at) * PROJECTION_SHARE);
    this.#at = now;
    return this.#leftMs > 0;
  }

  /** @param ms of CPU */
  spend(ms: number): void {
    this.#leftMs -= ms;
  }
}
