import { createReadStream, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { eq, inArray, sql } from "drizzle-orm";
import { type BackupLine, isEmptyDatabase, readBackup } from "#/db/backup.ts";
import type { Database } from "#/db/client.ts";
import { deliveries } from "#/db/schema/index.ts";
import { messageOf } from "#/server/platform/errors.ts";
import { fail, openState } from "./open-state.ts";

async function* linesOf(file: string): AsyncGenerator<BackupLine> {
  const text = createReadStream(file).pipe(createGunzip());
  for await (const line of createInterface({ input: text })) yield JSON.parse(line) as BackupLine;
}

/** What waited to be sent when the backup was made may be long out of date: people decide in the room whether to send it. */
async function holdWaitingDeliveries(db: Database): Promise<void> {
  await db.read
    .update(deliveries)
    .set({ state: "failed", lastError: "It waited when the backup was made. Send it again if it still holds." })
    .where(inArray(deliveries.state, ["queued", "sending", "retrying"]));
  // Nor is what was being looked for sent once more.
  await db.read
    .update(deliveries)
    .set({ nextAttemptAt: null, payload: sql`${deliveries.payload} - 'reconcile'` })
    .where(eq(deliveries.state, "unknown"));
}

/** Brings a backup into an empty database, all of it or nothing. */
async function restore(file: string): Promise<void> {
  const state = await openState();
  try {
    if (!(await isEmptyDatabase(state.db))) {
      throw new Error(
        "this database already holds incidents or people. Point DATA_DIR or DATABASE_URL at an empty one.",
      );
    }
    const { rows, authSecret } = await readBackup(state.db, linesOf(file));
    await holdWaitingDeliveries(state.db);
    if (authSecret && !process.env.AUTH_SECRET) {
      // Stored credentials are encrypted with it; everybody signs in with what the backup knew.
      writeFileSync(join(state.config.dataDir, "auth-secret"), `${authSecret}\n`, { mode: 0o600 });
    }
    process.stdout.write(`${rows} rows are restored from ${file}.\n`);
  } finally {
    await state.close();
  }
}

const [file] = process.argv.slice(2);
if (!file) fail("Name the file to read: npm run restore -- FILE");
if (!existsSync(file)) fail(`There is no file ${file}.`);
restore(file).catch((error: unknown) => fail(`The restore failed: ${messageOf(error)}`));
