import type { Distribution } from "./contract.ts";

/** The value below which this share of the sorted values lies, by linear interpolation between its neighbours. */
function percentile(sorted: readonly number[], share: number): number | null {
  if (sorted.length === 0) return null;
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] ?? 0;
  const above = sorted[Math.ceil(position)] ?? below;
  return Math.round(below + (above - below) * (position - Math.floor(position)));
}

/** How many durations are known, their median and their 90th percentile. Never a mean: one long night moves it. Pure. */
export function distributionOf(durations: readonly (number | null)[]): Distribution {
  const known = durations.filter((ms) => ms !== null).toSorted((one, other) => one - other);
  return { n: known.length, medianMs: percentile(known, 0.5), p90Ms: percentile(known, 0.9) };
}
