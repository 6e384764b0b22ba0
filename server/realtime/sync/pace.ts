import { FRAMES_PER_SECOND } from "#/server/documents/shared/lists.ts";

/** A paste by a script, or the backlog of a slow moment, passes at full speed. */
const BURST = 200;
/** Providers send everyone's presence back; their own counts apart from edits. */
const AWARENESS_PER_SECOND = 200;
const AWARENESS_BURST = 600;

/** How long to wait before the next frame; nothing is ever dropped. */
export class Pace {
  readonly #perSecond: number;
  readonly #burst: number;
  #tokens: number;
  #at: number;

  constructor(perSecond: number, burst: number, now = performance.now()) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#tokens = burst;
    this.#at = now;
  }

  /** Counts one frame; the milliseconds to wait before the next. */
  take(now = performance.now()): number {
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#at) / 1_000) * this.#perSecond);
    this.#at = now;
    this.#tokens -= 1;
    return this.#tokens >= 0 ? 0 : (-this.#tokens / this.#perSecond) * 1_000;
  }
}

/** What one frame may take for nothing; an editor's takes a tenth of that. */
const FREE_MS = 5;
/** A connection whose frames are heavy gets this part of the time at most, so that it holds nobody up for long. */
const HEAVY_SHARE = 0.1;

/** How long a connection waits after a frame that took this long to handle. */
export function waitAfter(tookMs: number): number {
  return tookMs <= FREE_MS ? 0 : tookMs / HEAVY_SHARE - tookMs;
}

export const syncPace = () => new Pace(FRAMES_PER_SECOND, BURST);
export const awarenessPace = () => new Pace(AWARENESS_PER_SECOND, AWARENESS_BURST);
