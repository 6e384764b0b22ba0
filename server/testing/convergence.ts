import { messageOf } from "#/server/platform/errors.ts";
import { type Cast, castOf, PEOPLE, simulate } from "./simulate.ts";
import { type Op, opsOf, shrunkOps } from "./simulated-ops.ts";
import type { TestCore } from "./test-core.ts";

/** A seed that ended wrong: how, and the fewest steps that still do. */
export type Divergence = { seed: number; faults: string[]; ops: Op[] };

async function faultsOf(test: TestCore, cast: Cast, seed: number, ops: readonly Op[]): Promise<string[]> {
  return simulate(test, cast, seed, ops).catch((error) => [messageOf(error)]);
}

/** Runs simulated rooms, one for each seed, over one database; those that ended wrong, with their steps. */
export async function findDivergences(
  test: TestCore,
  firstSeed: number,
  count: number,
  onSeed: (done: number) => void = () => {},
): Promise<Divergence[]> {
  const cast = await castOf(test);
  const found: Divergence[] = [];
  for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
    const ops = opsOf(seed, PEOPLE);
    const faults = await faultsOf(test, cast, seed, ops);
    if (faults.length > 0) {
      const isStill = async (fewer: readonly Op[]) => (await faultsOf(test, cast, seed, fewer)).length > 0;
      found.push({ seed, faults, ops: await shrunkOps(ops, isStill) });
    }
    onSeed(seed - firstSeed + 1);
  }
  return found;
}

/** A divergence as people read it: the seed, what is wrong, and the steps. */
export function told({ seed, faults, ops }: Divergence): string {
  return [`SEED=${seed}`, ...faults, ...ops.map((op) => JSON.stringify(op))].join("\n");
}
