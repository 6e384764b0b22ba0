import { FRAME_BYTES_MAX } from "#/server/documents/contract.ts";
import { giveOne, hostileKinds, RawYjs, runHostile } from "#/server/testing/hostile.ts";
import { manyStructs } from "#/server/testing/mutations.ts";
import { numberOption, todaysSeed } from "./options.ts";
import { printTable, recordResult } from "./report.ts";

const UPDATES_DEFAULT = 1_000_000;
const RAW_EVERY = 50;
/** Between two of these the memory of the updates is given back. */
const CHUNK = 20_000;
/** The event loop belongs to everybody in the process. */
const LAG_MS_MAX = 50;

/**
 * Mutated updates against a room's gate, beside `Y.applyUpdate` alone. `--updates=`, `--seed=`.
 * @throws Error when one leaves a trace, cannot be loaded again, or holds up the event loop for too long
 */
export async function benchHostile(): Promise<void> {
  const updates = numberOption("updates", UPDATES_DEFAULT);
  const seed = numberOption("seed", todaysSeed);
  process.stdout.write(`  --seed=${seed}\n`);
  const rows = [];
  let faults = 0;
  for (const kind of hostileKinds) {
    const raw = new RawYjs();
    const sum = { given: 0, refused: 0, threw: 0, reordered: 0, longestMs: 0, busyUs: 0 };
    let index = 0;
    const share = Math.ceil(updates / hostileKinds.length);
    for (let chunk = 0; sum.given < share; chunk += 1) {
      const found = runHostile(kind, seed + chunk, Math.min(CHUNK, share - sum.given), (bytes, base) => {
        index += 1;
        if (index % RAW_EVERY === 0) raw.give(kind, bytes, base);
      });
      for (const fault of found.faults) process.stdout.write(`  ${kind}, --seed=${seed + chunk}: ${fault}\n`);
      faults += found.faults.length;
      sum.busyUs += found.microsecondsEach * found.given;
      for (const name of ["given", "refused", "threw", "reordered"] as const) sum[name] += found[name];
      sum.longestMs = Math.max(sum.longestMs, found.longestMs);
      await new Promise((resolve) => setImmediate(resolve));
    }
    rows.push({ kind, ...sum, microsecondsEach: sum.busyUs / sum.given, raw: raw.found });
  }
  printTable(
    rows.map((row) => ({
      document: row.kind,
      updates: row.given,
      refused: row.refused,
      "rebuilt after a throw": row.threw,
      "other order when loaded": row.reordered,
      "longest ms": row.longestMs.toFixed(1),
      limit: LAG_MS_MAX,
      "µs each": row.microsecondsEach.toFixed(1),
      "Yjs alone": row.raw.microsecondsEach.toFixed(1),
      "Yjs alone: partial": `${((row.raw.partial / row.raw.given) * 100).toFixed(1)} %`,
      "gap left": `${((row.raw.pending / row.raw.given) * 100).toFixed(1)} %`,
    })),
  );
  process.stdout.write(`  faults (partial, not loadable, changed after a refusal): ${faults}, allowed 0\n`);
  const frame = giveOne("summary", manyStructs(FRAME_BYTES_MAX));
  process.stdout.write(`  a frame of 1 MiB with as many structs as fit: ${frame.busyMs.toFixed(0)} ms\n`);
  recordResult("hostile", { seed, rows, faults, fullFrameMs: frame.busyMs });
  if (faults > 0) throw new Error(`${faults} updates left a trace.`);
  if (rows.some((row) => row.longestMs > LAG_MS_MAX)) throw new Error(`an update took more than ${LAG_MS_MAX} ms.`);
}
