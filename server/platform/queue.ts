import { setImmediate as nextTurn } from "node:timers/promises";
import { type SQL, sql } from "drizzle-orm";
import { fromDrizzle, fromPglite, PgBoss } from "pg-boss";
import { type Database, rows, type Sql } from "#/db/client.ts";
import { messageOf } from "./errors.ts";
import type { Log } from "./log.ts";

export type EnqueueOptions = {
  /** Not before this instant. */
  startAt?: Date;
  /** At most one waiting job of this name with this key. */
  singletonKey?: string;
  /** Waiting jobs of a name run in the order of this, the highest first, then of their age; 0 unless said. */
  priority?: number;
};
export type WorkOptions = {
  /** Jobs of this name that may run at once. */
  concurrency?: number;
  /** After this time a run counts as failed. */
  timeLimitSeconds?: number;
  /** Tries after the first, with growing pauses; a handler that keeps its own schedule takes 0. */
  retries?: number;
};
type Data = Record<string, unknown>;
type Handler = (data: Data, run: JobRun) => Promise<void>;
type BatchHandler = (all: readonly Data[], run: JobRun) => Promise<void>;
/** After the last try a failed job is not run again. */
export type JobRun = { isLastTry: boolean };

/** Jobs on the same database: enqueued in the transaction of their cause, run after it is committed, at least once. */
export type Queue = {
  enqueue(tx: Sql, name: string, data: Record<string, unknown>, options?: EnqueueOptions): Promise<void>;
  /** The same for many jobs of a name, in one statement. */
  enqueueAll(tx: Sql, name: string, all: readonly Record<string, unknown>[]): Promise<void>;
  /** Registers the worker of a name; before `start`. */
  work(name: string, options: WorkOptions, handler: Handler): void;
  /** The same for small jobs of which many wait: up to `batch` at once, in their order; when it throws all come again. */
  workBatches(name: string, options: WorkOptions & { batch: number }, handler: BatchHandler): void;
  start(): Promise<void>;
  /** Waits for running jobs, at most this long. */
  stop(waitMs?: number): Promise<void>;
};

/** Wake-ups come by NOTIFY within milliseconds; what is due later, or was missed, is found by one look for all names. */
const LOOK_MS = 2_000;
const DUE = "select distinct name from pgboss.job where state < 'active' and start_after <= now()";
/** What is due so soon wakes its workers by itself: the look would be late by up to its interval. */
const SOON_MS = 10_000;
/** Wake-ups of a name are at least this far apart. */
const WAKE_STEP_MS = 50;
/** Each worker's own look: a query each, so a rare one, for when the other fails. */
const POLL_SECONDS = 60;
/** Connections of pg-boss beside the ones of the commands. */
const POOL_SIZE = 3;
const RETRY_DELAY_SECONDS = 2;
const RETRY_DELAY_MAX_SECONDS = 300;

type Registration = { name: string; options: WorkOptions & { batch: number }; handler: BatchHandler };

/** Registers the workers of a name; their ids. */
async function register(boss: PgBoss, { name, options, handler }: Registration, log: Log): Promise<string[]> {
  const queueOptions = {
    notify: true,
    retryLimit: options.retries ?? 5,
    retryDelay: RETRY_DELAY_SECONDS,
    retryBackoff: true,
    retryDelayMax: RETRY_DELAY_MAX_SECONDS,
    expireInSeconds: options.timeLimitSeconds ?? 60,
  };
  if (await boss.getQueue(name)) await boss.updateQueue(name, queueOptions);
  else await boss.createQueue(name, queueOptions);
  const work = {
    batchSize: options.batch,
    pollingIntervalSeconds: POLL_SECONDS,
    notifyPollingIntervalSeconds: POLL_SECONDS,
    includeMetadata: true as const,
  };
  const workerIds: string[] = [];
  for (let count = options.concurrency ?? 1; count > 0; count -= 1) {
    let workerId = "";
    workerId = await boss.work<Data, unknown, typeof work>(name, work, async (jobs) => {
      // Wake-ups of a backlog come as one: without this each job but the first waits for the next poll.
      boss.notifyWorker(workerId);
      // On the embedded database a backlog would otherwise be one long turn of the event loop.
      await nextTurn();
      const inOrder = [...jobs].sort(
        (a, b) => b.priority - a.priority || a.createdOn.getTime() - b.createdOn.getTime(),
      );
      try {
        const isLastTry = jobs.some((job) => job.retryCount >= job.retryLimit);
        await handler(
          inOrder.map((job) => job.data),
          { isLastTry },
        );
      } catch (error) {
        log.error({ job: name, ids: jobs.map(({ id }) => id), error: messageOf(error) }, "a job failed");
        throw error;
      }
    });
    workerIds.push(workerId);
  }
  return workerIds;
}

/** Wakes the workers of each name that has something due, now and then. Returns how to end it. */
function lookForDue(db: Database, wake: (name: string) => void, log: Log): () => void {
  const look = async () => {
    try {
      for (const { name } of await db.statement<{ name: string }>(DUE, [])) wake(name);
    } catch (error) {
      log.warn({ error: messageOf(error) }, "jobs that are due could not be looked for");
    }
  };
  let isLooking = false;
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    void look().finally(() => {
      isLooking = false;
    });
  }, LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Wakes the workers of a name at an instant, if it is soon. */
function wakesSoon(wake: (name: string) => void) {
  const timers = new Map<string, NodeJS.Timeout>();
  return {
    at(name: string, due: Date): void {
      const step = Math.ceil(due.getTime() / WAKE_STEP_MS);
      const key = `${name} ${step}`;
      const waitMs = step * WAKE_STEP_MS - Date.now();
      if (waitMs > SOON_MS || timers.has(key)) return;
      const timer = setTimeout(() => {
        timers.delete(key);
        wake(name);
      }, waitMs);
      timers.set(key, timer.unref());
    },
    end(): void {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
  };
}

function openBoss(db: Database, databaseUrl: string | undefined): PgBoss {
  const shared = { useListenNotify: true, schedule: false };
  if (db.pglite) return new PgBoss({ ...shared, db: fromPglite(db.pglite), backend: "pglite" });
  if (!databaseUrl) throw new Error("PostgreSQL needs its address for the job queue");
  return new PgBoss({ ...shared, connectionString: databaseUrl, max: POOL_SIZE });
}

/** What pg-boss runs its statements by inside a transaction of ours. */
function inTransaction(tx: Sql) {
  return fromDrizzle({ execute: async (query) => ({ rows: await rows(tx, query as SQL) }) }, sql);
}

/** The job queue of one process. */
export function createQueue(db: Database, databaseUrl: string | undefined, log: Log): Queue {
  const boss = openBoss(db, databaseUrl);
  const registrations: Registration[] = [];
  const workers = new Map<string, string[]>();
  let stopping = false;
  const wake = (name: string) => workers.get(name)?.forEach((id) => void boss.notifyWorker(id));
  const soon = wakesSoon(wake);
  let endLook = () => {};
  boss.on("error", (error) => {
    if (!stopping) log.error({ error: messageOf(error) }, "the job queue reports an error");
  });
  return {
    work(name, options, handler) {
      registrations.push({
        name,
        options: { ...options, batch: 1 },
        handler: async ([data = {}], run) => handler(data, run),
      });
    },
    workBatches(name, options, handler) {
      registrations.push({ name, options, handler });
    },
    async enqueue(tx, name, data, options = {}) {
      await boss.send(name, data, {
        db: inTransaction(tx),
        ...(options.startAt && { startAfter: options.startAt }),
        ...(options.priority && { priority: options.priority }),
        ...(options.singletonKey && { singletonKey: options.singletonKey }),
      });
      if (options.startAt) soon.at(name, options.startAt);
    },
    async enqueueAll(tx, name, all) {
      await boss.insert(
        name,
        all.map((data) => ({ data })),
        { db: inTransaction(tx) },
      );
    },
    async start() {
      await boss.start();
      for (const registration of registrations) {
        workers.set(registration.name, await register(boss, registration, log));
      }
      endLook = lookForDue(db, wake, log);
    },
    async stop(waitMs = 10_000) {
      stopping = true;
      endLook();
      soon.end();
      await boss.stop({ graceful: true, timeout: waitMs });
    },
  };
}
