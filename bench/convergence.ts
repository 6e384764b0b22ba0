import { findDivergences, told } from "#/server/testing/convergence.ts";
import { testCore } from "#/server/testing/test-core.ts";
import { numberOption } from "./options.ts";
import { printTable, recordResult } from "./report.ts";

const SEEDS_DEFAULT = 10_000;
/** The embedded database keeps all in memory; a fresh one now and then. */
const SEEDS_PER_DATABASE = 500;

/**
 * Simulated rooms with a network and processes that fail: `--seeds=` of them, or one alone with `--seed=`.
 * @throws Error when any does not end with one text
 */
export async function benchConvergence(): Promise<void> {
  const first = numberOption("seed", 1);
  const isOne = process.argv.some((argument) => argument.startsWith("--seed="));
  const seeds = numberOption("seeds", isOne ? 1 : SEEDS_DEFAULT);
  const startedAt = performance.now();
  let diverged = 0;
  for (let done = 0; done < seeds; done += SEEDS_PER_DATABASE) {
    const test = await testCore();
    const found = await findDivergences(test, first + done, Math.min(SEEDS_PER_DATABASE, seeds - done));
    await test.close();
    for (const each of found) process.stdout.write(`${told(each)}\n\n`);
    diverged += found.length;
    process.stdout.write(`  ${Math.min(done + SEEDS_PER_DATABASE, seeds)} of ${seeds}, ${diverged} diverged\n`);
  }
  const seconds = (performance.now() - startedAt) / 1_000;
  printTable([{ seeds, diverged, allowed: 0, "seeds/s": (seeds / seconds).toFixed(1) }]);
  recordResult("convergence", { first, seeds, diverged, seconds });
  if (diverged > 0) throw new Error(`${diverged} seeds did not end with one text.`);
}
