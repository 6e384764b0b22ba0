type Timer = { dueAt: number; act: () => void; unref(): Timer; ref(): Timer; hasRef(): boolean };

/** Timeouts that come due only when a test says that time passes; other clocks and intervals go on as they are. */
export class VirtualClock {
  readonly #timers = new Set<Timer>();
  readonly #real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };
  #now = 0;

  install(): void {
    globalThis.setTimeout = ((act: (...args: unknown[]) => void, ms = 0, ...args: unknown[]) =>
      this.#add(() => act(...args), ms)) as unknown as typeof setTimeout;
    globalThis.clearTimeout = ((timer: Timer) => {
      // One that was made before, or under another clock, is not of this one.
      if (!this.#timers.delete(timer)) this.#real.clearTimeout(timer as unknown as NodeJS.Timeout);
    }) as unknown as typeof clearTimeout;
  }

  uninstall(): void {
    Object.assign(globalThis, this.#real);
    this.#timers.clear();
  }

  #add(act: () => void, ms: number): Timer {
    const timer: Timer = { dueAt: this.#now + ms, act, unref: () => timer, ref: () => timer, hasRef: () => true };
    this.#timers.add(timer);
    return timer;
  }

  /** Lets time pass: what comes due is called, the earliest first. */
  tick(ms: number): void {
    const until = this.#now + ms;
    for (let next = this.#next(until); next; next = this.#next(until)) {
      this.#timers.delete(next);
      this.#now = Math.max(this.#now, next.dueAt);
      next.act();
    }
    this.#now = until;
  }

  #next(until: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueAt <= until && (!first || timer.dueAt < first.dueAt)) first = timer;
    }
    return first;
  }
}
