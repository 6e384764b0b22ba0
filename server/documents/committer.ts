import { BACKLOG_AGE_MAX_MS, BACKLOG_BYTES_MAX, COMMIT_RETRY_MS, COMMIT_WINDOW_MS } from "./limits.ts";

/** Writes one batch; called again with a higher `attempt` until it succeeds or the committer is ended. */
export type WriteBatch = (attempt: number) => Promise<void>;

type Waiter = { ticket: number; resolve: () => void; reject: (error: Error) => void };

/** The window that the documents of one process share, so that their batches can share a transaction. */
export class CommitWindow {
  readonly #starts = new Set<() => void>();
  #timer: NodeJS.Timeout | null = null;

  /** Calls `start` when the window closes; it opens with the first who asks. */
  join(start: () => void): void {
    this.#starts.add(start);
    this.#timer ??= setTimeout(() => this.#close(), COMMIT_WINDOW_MS);
  }

  leave(start: () => void): void {
    this.#starts.delete(start);
  }

  #close(): void {
    this.#timer = null;
    const starts = [...this.#starts];
    this.#starts.clear();
    for (const start of starts) start();
  }
}

/**
 * Group commit of one document: edits of one window share a transaction, and batches follow one another.
 *
 * A failed batch is tried again, unchanged, until it is stored; what comes meanwhile waits behind it.
 */
export class Committer<Entry extends { bytes: Uint8Array }> {
  readonly #seal: (entries: readonly Entry[]) => WriteBatch;
  readonly #onFailure: (error: unknown, attempt: number) => void;
  #waiting: Entry[] = [];
  #waiters: Waiter[] = [];
  #given = 0;
  #committed = 0;
  #bytes = 0;
  #oldestAt: number | null = null;
  readonly #window: CommitWindow;
  readonly #begin = () => this.#start();
  #running: Promise<void> | null = null;
  #wake: (() => void) | null = null;
  #isFlushing = false;
  #isEnded = false;

  /** @param seal closes a batch, synchronously, at the moment its transaction begins */
  constructor(
    seal: (entries: readonly Entry[]) => WriteBatch,
    onFailure: (error: unknown, attempt: number) => void,
    window = new CommitWindow(),
  ) {
    this.#seal = seal;
    this.#onFailure = onFailure;
    this.#window = window;
  }

  /** True when so much waits for the database that no more is taken. */
  get isFull(): boolean {
    const age = this.#oldestAt === null ? 0 : performance.now() - this.#oldestAt;
    return this.#bytes > BACKLOG_BYTES_MAX || age > BACKLOG_AGE_MAX_MS;
  }

  get isIdle(): boolean {
    return this.#committed === this.#given;
  }

  /** The ticket of the last entry given. */
  get lastTicket(): number {
    return this.#given;
  }

  /** Takes an entry for the next batch; the ticket is committed when it is. */
  add(entry: Entry): number {
    this.#waiting.push(entry);
    this.#given += 1;
    this.#bytes += entry.bytes.length;
    this.#oldestAt ??= performance.now();
    if (!this.#running) this.#window.join(this.#begin);
    return this.#given;
  }

  isCommitted(ticket: number): boolean {
    return ticket <= this.#committed;
  }

  /** Resolves once the ticket's entry is on disk. @throws Error when the committer ends before */
  whenCommitted(ticket: number): Promise<void> {
    if (ticket <= this.#committed) return Promise.resolve();
    if (this.#isEnded) return Promise.reject(new Error("the document is closed"));
    return new Promise((resolve, reject) => this.#waiters.push({ ticket, resolve, reject }));
  }

  /** Commits all that was given up to now, without waiting for the window. */
  async flush(): Promise<void> {
    this.#isFlushing = true;
    try {
      if (!this.#running) this.#start();
      this.#wake?.();
      await this.whenCommitted(this.#given);
    } finally {
      this.#isFlushing = false;
    }
  }

  /** Gives up: nothing more is written, and whoever waits is told. */
  end(): void {
    this.#isEnded = true;
    this.#window.leave(this.#begin);
    this.#wake?.();
    const waiters = this.#waiters.splice(0);
    for (const waiter of waiters) waiter.reject(new Error("the document is closed"));
  }

  #start(): void {
    this.#window.leave(this.#begin);
    if (this.#waiting.length === 0 || this.#running || this.#isEnded) return;
    this.#running = this.#run().finally(() => {
      this.#running = null;
      if (this.#isFlushing) this.#start();
      else if (this.#waiting.length > 0 && !this.#isEnded) this.#window.join(this.#begin);
    });
  }

  async #run(): Promise<void> {
    const startedAt = performance.now();
    const entries = this.#waiting.splice(0);
    const write = this.#seal(entries);
    for (let attempt = 0; !this.#isEnded; attempt += 1) {
      try {
        await write(attempt);
        return this.#settle(entries, startedAt);
      } catch (error) {
        this.#onFailure(error, attempt);
        await this.#pause(COMMIT_RETRY_MS[attempt] ?? COMMIT_RETRY_MS[COMMIT_RETRY_MS.length - 1] ?? 0);
      }
    }
  }

  #settle(entries: readonly Entry[], startedAt: number): void {
    this.#committed += entries.length;
    this.#bytes -= entries.reduce((sum, entry) => sum + entry.bytes.length, 0);
    this.#oldestAt = this.#waiting.length > 0 ? startedAt : null;
    const ready = this.#waiters.filter((waiter) => waiter.ticket <= this.#committed);
    this.#waiters = this.#waiters.filter((waiter) => waiter.ticket > this.#committed);
    for (const waiter of ready) waiter.resolve();
  }

  #pause(ms: number): Promise<void> {
    if (this.#isEnded) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#wake = null;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#wake = done;
    });
  }
}
