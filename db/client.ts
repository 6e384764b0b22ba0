import { AsyncLocalStorage } from "node:async_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import { PGlite, types } from "@electric-sql/pglite";
import type { SQL } from "drizzle-orm";
import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import { drizzle as drizzlePglite } from "drizzle-orm/pglite";
import { drizzle as drizzlePostgres } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import { keepStatements } from "./kept-statements.ts";
import * as schema from "./schema/index.ts";

/** What runs SQL: the open transaction, or `Database.read` outside of one. */
export type Sql = PgDatabase<PgQueryResultHKT, typeof schema>;

/** The database of one process, whichever engine it is. */
export type Database = {
  readonly engine: "embedded" | "postgres";
  /** For queries outside a transaction. @throws Error inside one: the embedded database has one connection and would wait for itself. */
  readonly read: Sql;
  /** Runs `work` in one transaction: no I/O but SQL inside, and short. @throws Error when already inside one. */
  transaction<T>(work: (tx: Sql) => Promise<T>): Promise<T>;
  /**
   * One statement outside a transaction, past the query builder: for what runs at every key press.
   * Parameters are text or bytes, placeholders `$1`; safe to call while a transaction of others is open.
   */
  statement<T extends Record<string, unknown>>(text: string, parameters: readonly (string | Buffer)[]): Promise<T[]>;
  /** The embedded engine itself, for the job queue; undefined on PostgreSQL. */
  readonly pglite: PGlite | undefined;
  ping(): Promise<void>;
  close(): Promise<void>;
};

type Scope = { afterCommit: (() => void)[] };
const scope = new AsyncLocalStorage<Scope>();

/** Runs `then` once the surrounding transaction is committed; never when it is rolled back. */
export function afterCommit(then: () => void): void {
  const current = scope.getStore();
  if (!current) throw new Error("afterCommit needs a transaction");
  current.afterCommit.push(then);
}

/** True inside `Database.transaction`. */
export function isInTransaction(): boolean {
  return scope.getStore() !== undefined;
}

/** The rows of a raw query: drivers wrap them differently, and nobody else needs to know. */
export async function rows<T extends Record<string, unknown>>(sql: Sql, query: SQL): Promise<T[]> {
  const result: unknown = await sql.execute(query);
  const list = Array.isArray(result) ? result : (result as { rows: unknown[] }).rows;
  return list as T[];
}

/** The rows of raw queries that are sent at once and done in this order: the database is waited for once. */
export function rowsInOrder<T extends Record<string, unknown>>(sql: Sql, queries: readonly SQL[]): Promise<T[][]> {
  return Promise.all(queries.map((query) => rows<T>(sql, query)));
}

type Statement = (text: string, parameters: (string | Buffer)[]) => Promise<unknown[]>;

function database(
  engine: Database["engine"],
  handle: Sql,
  statement: Statement,
  pglite: PGlite | undefined,
  close: () => Promise<void>,
): Database {
  return {
    engine,
    pglite,
    close,
    get read() {
      if (isInTransaction()) throw new Error("Inside a transaction only its own handle may be used");
      return handle;
    },
    async transaction(work) {
      if (isInTransaction()) throw new Error("Transactions do not nest");
      // The embedded engine never leaves the event loop's turn by itself: a job of many transactions would keep requests waiting.
      if (pglite) await nextTurn();
      const current: Scope = { afterCommit: [] };
      const result = await scope.run(current, () => handle.transaction((tx) => work(tx as unknown as Sql)));
      for (const then of current.afterCommit) then();
      return result;
    },
    async statement<T>(text: string, parameters: readonly (string | Buffer)[]) {
      if (isInTransaction()) throw new Error("Inside a transaction only its own handle may be used");
      return (await statement(text, [...parameters])) as T[];
    },
    async ping() {
      try {
        await handle.execute("select 1");
      } catch (error) {
        // The wrapper says only which query failed; people want to know why.
        throw error instanceof Error && error.cause instanceof Error ? error.cause : error;
      }
    },
  };
}

/** Connections of one node; the job queue has three more of its own. */
const POOL_SIZE = 10;
/** 16 MB instead of 128 keeps the embedded database at about 200 MB; its working set is small. */
const EMBEDDED_START = ["-c", "shared_buffers=16MB"];

/**
 * Kept statements are parsed once and planned each time: a plan that was kept, too, reads a whole table for minutes
 * because it was small when the plan was made, which is at the start of a storm.
 */
const PLANS = "force_custom_plan";

/** Opens PostgreSQL by its address (`postgres://…`). */
export function openPostgres(url: string, poolSize = POOL_SIZE): Database {
  const client = keepStatements(
    postgres(url, { max: poolSize, onnotice: () => {}, connect_timeout: 10, connection: { plan_cache_mode: PLANS } }),
  );
  const handle = drizzlePostgres({ client, schema }) as unknown as Sql;
  const statement: Statement = (text, parameters) => client.unsafe(text, parameters, { prepare: true });
  return database("postgres", handle, statement, undefined, () => client.end({ timeout: 5 }));
}

/** Bytes as hexadecimal digits by Node itself: the engine's own way takes a callback for each byte, seconds for a file. */
const embeddedBytes = {
  serializers: {
    [types.BYTEA]: (value: Uint8Array) =>
      `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex")}`,
  },
  parsers: { [types.BYTEA]: (value: string) => Buffer.from(value.slice(2), "hex") },
};

/**
 * Opens the embedded database in a folder, or in memory without one.
 * What it acknowledged survives the end of the process by SIGKILL, not a power cut: it never calls fsync.
 */
export async function openEmbedded(folder?: string, loadDataDir?: Blob): Promise<Database> {
  const pglite = await PGlite.create({
    ...(folder ? { dataDir: folder } : {}),
    ...(loadDataDir ? { loadDataDir } : {}),
    ...embeddedBytes,
    startParams: [...PGlite.defaultStartParams, ...EMBEDDED_START],
  });
  const handle = drizzlePglite({ client: pglite, schema }) as unknown as Sql;
  const statement: Statement = async (text, parameters) => (await pglite.query(text, parameters)).rows;
  return database("embedded", handle, statement, pglite, () => pglite.close());
}
