/** Numbers in [0, 1) that repeat with their seed. */
export type Random = () => number;

/** A small generator (mulberry32): the same seed gives the same numbers everywhere. */
export function seeded(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A whole number from 0 up to, and without, `below`. */
export function wholeBelow(random: Random, below: number): number {
  return Math.floor(random() * below);
}

/** One of a list, or undefined when it is empty. */
export function oneOf<T>(random: Random, list: readonly T[]): T | undefined {
  return list[wholeBelow(random, list.length)];
}

/** A UUID v4 out of a generator. */
export function seededUuid(random: Random): string {
  const hex = Array.from({ length: 32 }, () => wholeBelow(random, 16).toString(16)).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
