import { createHash, randomBytes } from "node:crypto";
import { constants, cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { type Database, openEmbedded, openPostgres } from "./client.ts";
import { migrate } from "./migrate.ts";

/** A database of its own for one test file, with this version's schema, gone after `close`. */
export type TestDatabase = { db: Database; url: string | undefined; close(): Promise<void> };

/** Which engine this run tests; the test driver runs every database test on both. */
export const testEngine = process.env.TEST_DATABASE_ENGINE === "postgres" ? "postgres" : "embedded";

const TEMPLATE_LOCK = 7_268_111;
const TEMPLATE = `muster_template_${stateOfMigrations()}`;

function stateOfMigrations(): string {
  const migrations = join(import.meta.dirname, "migrations");
  const state = createHash("sha256");
  for (const name of readdirSync(migrations).sort()) {
    if (name.endsWith(".sql")) state.update(readFileSync(join(migrations, name)));
  }
  return state.digest("hex").slice(0, 16);
}

function serverUrl(): string {
  const url = process.env.TEST_DATABASE_URL;
  if (!url) throw new Error("TEST_DATABASE_URL is needed to test on PostgreSQL");
  return url;
}

function urlOf(database: string): string {
  const url = new URL(serverUrl());
  url.pathname = `/${database}`;
  return url.href;
}

/** Makes the migrated template once for each state of the migrations; workers that ask at once wait for the first. */
async function ensureTemplate(admin: postgres.Sql): Promise<void> {
  await admin`select pg_advisory_lock(${TEMPLATE_LOCK})`;
  try {
    const [existing] = await admin`select 1 from pg_database where datname = ${TEMPLATE}`;
    if (existing) return;
    const building = `${TEMPLATE}_building`;
    await admin.unsafe(`drop database if exists ${building}`);
    await admin.unsafe(`create database ${building}`);
    const db = openPostgres(urlOf(building), 1);
    await migrate(db, urlOf(building));
    await db.close();
    await admin.unsafe(`alter database ${building} rename to ${TEMPLATE}`);
  } finally {
    await admin`select pg_advisory_unlock(${TEMPLATE_LOCK})`;
  }
}

async function onPostgres(): Promise<TestDatabase> {
  const admin = postgres(serverUrl(), { max: 1, onnotice: () => {} });
  await ensureTemplate(admin);
  const name = `muster_test_${randomBytes(6).toString("hex")}`;
  await admin.unsafe(`create database ${name} template ${TEMPLATE}`);
  const url = urlOf(name);
  const db = openPostgres(url, 5);
  return {
    db,
    url,
    async close() {
      await db.close();
      await admin.unsafe(`drop database if exists ${name} with (force)`);
      await admin.end();
    },
  };
}

/**
 * The path of something made once for each state of the migrations and kept among the temporary files.
 * Workers may make it at once: each puts a whole one in place, and the first stays.
 */
async function keptTemplate(ending: string, make: (path: string) => Promise<void>): Promise<string> {
  const kept = join(tmpdir(), `muster-template-${stateOfMigrations()}${ending}`);
  if (existsSync(kept)) return kept;
  const own = `${kept}.${process.pid}-${randomBytes(4).toString("hex")}`;
  await make(own);
  try {
    renameSync(own, kept);
  } catch (error) {
    if (!existsSync(kept)) throw error;
    rmSync(own, { recursive: true });
  }
  return kept;
}

/** A migrated embedded database as a file: starting from it takes a third of the time that initdb and migrating take. */
async function embeddedTemplate(): Promise<Blob> {
  const file = await keptTemplate(".tar", async (path) => {
    const db = await openEmbedded();
    await migrate(db);
    const dump = await db.pglite?.dumpDataDir("none");
    await db.close();
    if (!dump) throw new Error("the embedded database gave no dump");
    writeFileSync(path, Buffer.from(await dump.arrayBuffer()));
  });
  return new Blob([readFileSync(file)]);
}

/**
 * Puts a migrated embedded database where a server with this data folder looks for it: what its first start would
 * make in seconds.
 */
export async function fillDataDir(dataDir: string): Promise<void> {
  const folder = await keptTemplate("", async (path) => {
    const db = await openEmbedded(path);
    await migrate(db);
    await db.close();
  });
  cpSync(folder, join(dataDir, "database"), { recursive: true, mode: constants.COPYFILE_FICLONE });
}

/** A fresh, migrated database on the engine under test; in memory when embedded. */
export async function testDatabase(): Promise<TestDatabase> {
  if (testEngine === "postgres") return onPostgres();
  const db = await openEmbedded(undefined, await embeddedTemplate());
  return { db, url: undefined, close: () => db.close() };
}
