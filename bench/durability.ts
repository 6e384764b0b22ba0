import { type KillFindings, noFindings, runKillStory } from "#/server/testing/kill-rounds.ts";
import { numberOption, todaysSeed } from "./options.ts";
import { type BenchPlace, makePlaces } from "./places.ts";
import { printTable, quantile, recordResult } from "./report.ts";

const KILLS_DEFAULT = 1_000;
/** Kills of one set of documents: more only makes them long. */
const KILLS_PER_STORY = 10;

type Sum = KillFindings & { engine: BenchPlace["engine"] };

function add(sum: Sum, found: KillFindings): void {
  sum.kills += found.kills;
  sum.edits += found.edits;
  sum.cutOff += found.cutOff;
  for (const list of ["lost", "doubled", "broken"] as const) sum[list].push(...found[list]);
  for (const list of ["restartMs", "savedAgainMs"] as const) sum[list].push(...found[list]);
}

async function runStories(place: BenchPlace, kills: number, firstSeed: number): Promise<Sum> {
  const sum: Sum = { engine: place.engine, ...noFindings() };
  for (let seed = firstSeed; sum.kills < kills; seed += 1) {
    const { environment } = place;
    const found = await runKillStory({ environment, seed, kills: Math.min(KILLS_PER_STORY, kills - sum.kills) });
    add(sum, found);
    const faults = [...found.lost, ...found.doubled, ...found.broken];
    if (faults.length > 0) process.stdout.write(`  ${place.engine}, --seed=${seed}: ${faults.join("; ")}\n`);
    process.stdout.write(`  ${place.engine}: ${sum.kills} of ${kills} kills, ${sum.edits} edits\n`);
  }
  return sum;
}

/**
 * SIGKILL at random moments while five people type in three documents, on both databases side by side: acknowledged
 * edits lost, edits doubled, and how long it takes until everybody reads that all is saved again.
 * `--kills=` for all databases together, `--seed=` of the first story. @throws Error unless nothing is lost or doubled
 */
export async function benchDurability(): Promise<void> {
  const kills = numberOption("kills", KILLS_DEFAULT);
  const seed = numberOption("seed", todaysSeed);
  const places = await makePlaces();
  process.stdout.write(`  --seed=${seed}\n`);
  let results: Sum[];
  try {
    const shares = places.map((_, index) => Math.ceil((kills - index) / places.length));
    results = await Promise.all(places.map((place, index) => runStories(place, shares[index] ?? 0, seed)));
  } finally {
    for (const place of places) await place.close();
  }
  printTable(
    results.map((sum) => ({
      database: sum.engine,
      kills: sum.kills,
      "edits acknowledged": sum.edits,
      "held at a kill": sum.cutOff,
      lost: sum.lost.length,
      doubled: sum.doubled.length,
      "other faults": sum.broken.length,
      allowed: 0,
      "restart p95 ms": Math.round(quantile(sum.restartMs, 0.95)),
      "all saved again p95 ms": Math.round(quantile(sum.savedAgainMs, 0.95)),
      limit: 8_000,
    })),
  );
  recordResult("durability", {
    seed,
    results: results.map(({ restartMs, savedAgainMs, ...sum }) => ({
      ...sum,
      restartP95Ms: quantile(restartMs, 0.95),
      savedAgainP95Ms: quantile(savedAgainMs, 0.95),
    })),
  });
  const faults = results.flatMap((sum) => [...sum.lost, ...sum.doubled, ...sum.broken]);
  if (faults.length > 0) throw new Error(`${faults.length} edits were lost, doubled or came back.`);
}
