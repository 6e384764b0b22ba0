import { setTimeout as pause } from "node:timers/promises";
import { messageOf } from "#/server/platform/errors.ts";
import type { Log } from "#/server/platform/log.ts";

/** A sending that takes longer gives its worker back and goes on beside it. */
export const WORKER_HOLD_MAX_MS = 3_000;
/** Slow sendings of one channel beside its workers: connections and memory, no worker. With more, workers do wait. */
export const ASIDE_MAX = 24;

/** Lets slow work go on without the worker that began it, so that a few slow destinations never hold all workers. */
export class Aside {
  readonly #running = new Set<Promise<void>>();
  readonly #log: Log;
  readonly #holdMs: number;

  constructor(log: Log, holdMs = WORKER_HOLD_MAX_MS) {
    this.#log = log;
    this.#holdMs = holdMs;
  }

  get size(): number {
    return this.#running.size;
  }

  /** Resolves when the work is done, or earlier when it is slow. @throws what the work throws while it is waited for */
  async run(work: () => Promise<void>): Promise<void> {
    const ended = work();
    const timer = new AbortController();
    const late = pause(this.#holdMs, "late" as const, { signal: timer.signal }).catch(() => "late" as const);
    const first = await Promise.race([ended, late]).finally(() => timer.abort());
    if (first !== "late") return;
    if (this.#running.size >= ASIDE_MAX) return ended;
    const kept = ended
      .catch((error: unknown) => {
        // Its row still says that it is being sent: the next look at what was left lying takes it up.
        this.#log.error({ error: messageOf(error) }, "a slow delivery could not be finished");
      })
      .finally(() => this.#running.delete(kept));
    this.#running.add(kept);
  }

  /** Waits for what still runs, at most this long. */
  async drain(waitMs: number): Promise<void> {
    const timer = new AbortController();
    const late = pause(waitMs, undefined, { signal: timer.signal }).catch(() => undefined);
    await Promise.race([Promise.all(this.#running), late]);
    timer.abort();
  }
}
