import { users } from "#/db/schema/index.ts";
import { testDatabase } from "#/db/test-database.ts";
import type { ServerRole, UserActor } from "#/server/access/index.ts";
import { type Core, type Ctx, createEventHandlers, createFactBus, ctxFor } from "#/server/events/index.ts";
import type { Config } from "#/server/platform/config.ts";
import { silentLog } from "#/server/platform/log.ts";
import type { EnqueueOptions, Queue } from "#/server/platform/queue.ts";

export type EnqueuedJob = { name: string; data: Record<string, unknown>; options: EnqueueOptions };

/** A core on a database of its own, with a clock that tests set and a queue that only writes down. */
export type TestCore = {
  core: Core;
  jobs: EnqueuedJob[];
  /** The instant that commands see as now. */
  clock: { at: Date };
  person(name: string, role?: ServerRole): Promise<UserActor>;
  ctx(actor: UserActor): Ctx;
  close(): Promise<void>;
};

const testConfig: Config = {
  port: 3000,
  host: "127.0.0.1",
  publicUrl: "http://localhost:3000",
  dataDir: "/nonexistent",
  databaseUrl: undefined,
  authSecret: "test-secret-test-secret-test-secret",
  admin: undefined,
  apiToken: undefined,
  smtpUrl: undefined,
  mailFrom: undefined,
  slack: undefined,
  pages: false,
  logLevel: "silent",
  isDevelopment: false,
};

/** For command tests: everything but sockets, HTTP and running jobs. */
export async function testCore(config: Partial<Config> = {}): Promise<TestCore> {
  const { db, close } = await testDatabase();
  const jobs: EnqueuedJob[] = [];
  const clock = { at: new Date("2026-11-21T10:00:00.000Z") };
  const queue: Queue = {
    enqueue: async (_tx, name, data, options = {}) => {
      jobs.push({ name, data, options });
    },
    enqueueAll: async (_tx, name, all) => {
      jobs.push(...all.map((data) => ({ name, data, options: {} })));
    },
    work: () => {},
    workBatches: () => {},
    start: async () => {},
    stop: async () => {},
  };
  const core: Core = {
    config: { ...testConfig, ...config },
    db,
    queue,
    facts: createFactBus(),
    handlers: createEventHandlers(),
    log: silentLog,
    now: () => clock.at,
  };
  return {
    core,
    jobs,
    clock,
    close,
    ctx: (actor) => ctxFor(core, actor),
    async person(name, role = "responder") {
      const email = `${name.toLowerCase().replaceAll(" ", ".")}@example.com`;
      const [row] = await db.read.insert(users).values({ email, name, role }).returning({ id: users.id });
      if (!row) throw new Error("an inserted user was not returned");
      return { kind: "user", userId: row.id, name, email, role };
    },
  };
}
