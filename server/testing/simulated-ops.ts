import { type Random, seeded, wholeBelow } from "./seeded.ts";

/** What can happen in a simulated room, and how often beside the others. */
const weights = {
  write: 30,
  delete: 10,
  ask: 12,
  deliver: 60,
  connect: 14,
  cut: 4,
  duplicate: 2,
  skip: 1,
  swap: 1,
  wait: 16,
  reload: 1,
  serverWrites: 2,
  serverDeletes: 1,
  compact: 2,
  everybodyLeaves: 1,
  databaseAway: 2,
  lookAtRights: 2,
  stop: 1,
  kill: 2,
} as const;

export type OpName = keyof typeof weights;
/** One step: what, who, and the numbers of all its choices; a list of them is a whole run. */
export type Op = { op: OpName; who: number; a: number; b: number };

const names = Object.keys(weights) as OpName[];
const OPS_MIN = 40;
const OPS_MAX = 120;

function drawName(random: Random): OpName {
  let left = random() * Object.values(weights).reduce((sum, weight) => sum + weight, 0);
  for (const name of names) {
    left -= weights[name];
    if (left < 0) return name;
  }
  return "wait";
}

const rounded = (value: number) => Math.floor(value * 10_000) / 10_000;

/** The steps of a seed. */
export function opsOf(seed: number, people: number): Op[] {
  const random = seeded(seed);
  const count = OPS_MIN + wholeBelow(random, OPS_MAX - OPS_MIN);
  return Array.from({ length: count }, () => ({
    op: drawName(random),
    who: wholeBelow(random, people),
    a: rounded(random()),
    b: rounded(random()),
  }));
}

/** Tries to fail with fewer steps: leaves out ever smaller stretches for as long as it still fails. */
export async function shrunkOps(ops: readonly Op[], fails: (fewer: readonly Op[]) => Promise<boolean>): Promise<Op[]> {
  let left = [...ops];
  for (let size = Math.floor(left.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < left.length; ) {
      const fewer = [...left.slice(0, at), ...left.slice(at + size)];
      if (await fails(fewer)) left = fewer;
      else at += size;
    }
  }
  return left;
}

/** A generator for the choices within one step. */
export const choicesOf = ({ a, b }: Op): Random => seeded(Math.floor(a * 10_000) * 10_007 + Math.floor(b * 10_000));
