import { expect, it } from "vitest";
import { nextIndex } from "./use-triage-keys.ts";

it.each([
  ["the first, when nothing was yet", "j", -1, 0, 3, 0],
  ["the next", "j", 0, 0, 3, 1],
  ["the one before", "k", 2, 2, 3, 1],
  ["no further than the last", "j", 2, 2, 3, 2],
  ["no further than the first", "k", 0, 0, 3, 0],
  ["what came into the place of the one that was decided", "j", -1, 1, 2, 1],
  ["the last, when the one that was decided was it", "j", -1, 2, 2, 1],
  ["nothing in an empty list", "j", -1, 0, 0, null],
  ["nothing for another key", "x", 0, 0, 3, null],
])("leads to %s", (_, key, focused, last, count, next) => {
  expect(nextIndex(key, focused, last, count)).toBe(next);
});
