import { sourceNames } from "#/server/alerts/sources/index.ts";
import { hostileBody } from "#/server/testing/hostile-bodies.ts";
import { hostileOutcome } from "#/server/testing/hostile-outcome.ts";
import { seeded } from "#/server/testing/seeded.ts";
import { numberOption, todaysSeed } from "../options.ts";
import { printTable } from "../report.ts";

const BODIES = 1_000_000;
const FAULTS_SHOWN = 20;
const MEMORY_RISE_MB = 5;

const heapMb = () => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1_024 / 1_024;
};

/** Spoilt bodies by every source, read as the door reads them: reports that can be stored, or a refusal in words. */
export async function measureFuzz() {
  const count = numberOption("bodies", BODIES);
  const seed = numberOption("seed", todaysSeed);
  const random = seeded(seed);
  const found = { read: 0, refused: 0 };
  const faults: string[] = [];
  let slowestMs = 0;
  // Sources are read once, and compiled conditions stay: that is no rise.
  for (let n = 0; n < sourceNames.length * 20; n += 1) {
    const { bytes, contentType } = hostileBody(seeded(n + 1));
    hostileOutcome(sourceNames[n % sourceNames.length] ?? "", bytes, contentType);
  }
  const before = heapMb();
  const startedAt = performance.now();
  for (let n = 0; n < count; n += 1) {
    const { bytes, contentType, name } = hostileBody(random);
    const source = sourceNames[n % sourceNames.length] ?? "";
    const at = performance.now();
    try {
      found[hostileOutcome(source, bytes, contentType)] += 1;
    } catch (error) {
      faults.push(`${n} (${name}, ${source}): ${String(error)}`);
    }
    slowestMs = Math.max(slowestMs, performance.now() - at);
  }
  const result = {
    seed,
    bodies: count,
    ...found,
    faults: faults.length,
    seconds: Math.round((performance.now() - startedAt) / 1_000),
    slowestMs: Math.round(slowestMs),
    heapRiseMb: Math.round((heapMb() - before) * 10) / 10,
  };
  process.stdout.write("\n  Spoilt bodies, by every source\n");
  printTable([
    { ...result, faults: `${result.faults} (= 0)`, heapRiseMb: `${result.heapRiseMb} (< ${MEMORY_RISE_MB})` },
  ]);
  for (const fault of faults.slice(0, FAULTS_SHOWN)) process.stdout.write(`  ${fault}\n`);
  return { limits: { faults: 0, heapRiseMb: MEMORY_RISE_MB }, ...result };
}
