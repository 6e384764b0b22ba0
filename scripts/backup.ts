import { once } from "node:events";
import { createWriteStream, readFileSync, renameSync } from "node:fs";
import { finished } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { writeBackup } from "#/db/backup.ts";
import { messageOf } from "#/server/platform/errors.ts";
import { fail, generatedSecretFile, openState } from "./open-state.ts";

/** Writes the whole state into one gzip file of JSON lines; the file appears under its name only when it is complete. */
async function backup(file: string): Promise<void> {
  const state = await openState();
  const secret = generatedSecretFile(state.config);
  const gzip = createGzip();
  const out = createWriteStream(`${file}.partial`, { mode: 0o600 });
  gzip.pipe(out);
  const count = await writeBackup(
    state.db,
    { createdAt: new Date(), authSecret: secret ? readFileSync(secret, "utf8").trim() : null },
    async (line) => {
      if (!gzip.write(`${JSON.stringify(line)}\n`)) await once(gzip, "drain");
    },
  );
  gzip.end();
  await finished(out);
  renameSync(`${file}.partial`, file);
  await state.close();
  process.stdout.write(`${count} rows are in ${file}. It holds secrets: keep it as you keep the database.\n`);
}

const [file] = process.argv.slice(2);
if (!file) fail("Name the file to write: npm run backup -- FILE");
backup(file).catch((error: unknown) => fail(`The backup failed: ${messageOf(error)}`));
