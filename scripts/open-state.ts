import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Database, openEmbedded, openPostgres } from "#/db/client.ts";
import { migrate } from "#/db/migrate.ts";
import { type Config, readConfig } from "#/server/platform/config.ts";
import { type DataLock, lockDataDir } from "#/server/platform/data-lock.ts";

export type State = { config: Config; db: Database; close(): Promise<void> };

/**
 * Opens the state that this environment names, as the server would.
 * The embedded database belongs to one process: a running server refuses it with one line.
 */
export async function openState(): Promise<State> {
  const config = readConfig(process.env);
  let lock: DataLock | undefined;
  if (!config.databaseUrl) lock = await lockDataDir(config.dataDir);
  const db = config.databaseUrl
    ? openPostgres(config.databaseUrl, 2)
    : await openEmbedded(join(config.dataDir, "database"));
  await migrate(db, config.databaseUrl);
  return {
    config,
    db,
    async close() {
      await db.close();
      await lock?.release();
    },
  };
}

/** The secret that was generated into `DATA_DIR`, if the environment gives none. */
export function generatedSecretFile(config: Config): string | null {
  const file = join(config.dataDir, "auth-secret");
  return !process.env.AUTH_SECRET && existsSync(file) ? file : null;
}

/** Ends a command with one line on stderr. */
export function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
