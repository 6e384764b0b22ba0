import { expect, test } from "vitest";
import { everyWords, splitInterval } from "./heartbeat-words.ts";

test.each([
  [10, { count: 10, unit: 1 }, "every 10 seconds"],
  [60, { count: 1, unit: 60 }, "every minute"],
  [90, { count: 90, unit: 1 }, "every 90 seconds"],
  [5_400, { count: 90, unit: 60 }, "every 90 minutes"],
  [86_400, { count: 1, unit: 86_400 }, "every day"],
  [90 * 86_400, { count: 90, unit: 86_400 }, "every 90 days"],
])("an interval of %s seconds reads in its largest whole unit", (seconds, split, words) => {
  expect(splitInterval(seconds)).toEqual(split);
  expect(everyWords(seconds)).toBe(words);
});
