import { expect, test } from "vitest";
import { distributionOf } from "./distribution.ts";

test.each<[(number | null)[], { n: number; medianMs: number | null; p90Ms: number | null }]>([
  [[], { n: 0, medianMs: null, p90Ms: null }],
  [[null, null], { n: 0, medianMs: null, p90Ms: null }],
  [[7], { n: 1, medianMs: 7, p90Ms: 7 }],
  [[30, 10, null, 20], { n: 3, medianMs: 20, p90Ms: 28 }],
  [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], { n: 11, medianMs: 6, p90Ms: 10 }],
])("%j", (durations, expected) => {
  expect(distributionOf(durations)).toEqual(expected);
});
