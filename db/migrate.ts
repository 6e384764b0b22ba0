import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { sql } from "drizzle-orm";
import type { PgliteDatabase } from "drizzle-orm/pglite";
import { migrate as migratePglite } from "drizzle-orm/pglite/migrator";
import { drizzle as drizzlePostgres } from "drizzle-orm/postgres-js";
import { migrate as migratePostgres } from "drizzle-orm/postgres-js/migrator";
import postgres from "postgres";
import type { Database } from "./client.ts";

const migrationsFolder = join(dirname(fileURLToPath(import.meta.url)), "migrations");
/** An arbitrary number that means "Muster migrates" to every node of a cluster. */
const MIGRATION_LOCK = 7_268_110;

async function migrateServer(url: string): Promise<void> {
  // One connection of its own: the advisory lock belongs to it, and nodes that start at once wait here.
  const client = postgres(url, { max: 1, onnotice: () => {} });
  try {
    const handle = drizzlePostgres({ client });
    await handle.execute(sql`select pg_advisory_lock(${MIGRATION_LOCK})`);
    await migratePostgres(handle, { migrationsFolder });
  } finally {
    await client.end({ timeout: 5 });
  }
}

/** Brings the database to this version's schema. Safe to repeat; nodes that start at once take turns. */
export async function migrate(db: Database, databaseUrl?: string): Promise<void> {
  if (db.engine === "postgres") {
    if (!databaseUrl) throw new Error("PostgreSQL needs its address to migrate");
    await migrateServer(databaseUrl);
    return;
  }
  await migratePglite(db.read as unknown as PgliteDatabase<Record<string, unknown>>, { migrationsFolder });
}
