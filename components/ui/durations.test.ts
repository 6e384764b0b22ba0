import { describe, expect, it } from "vitest";
import { asClock, inWords } from "./durations.ts";

describe("inWords", () => {
  it.each([
    [-5, "0 s"],
    [40_000, "40 s"],
    [60_000, "1 min"],
    [59 * 60_000 + 59_999, "59 min"],
    [3 * 3_600_000, "3 h"],
    [47 * 3_600_000, "47 h"],
    [48 * 3_600_000, "2 d"],
  ])("%i ms is %s", (ms, words) => {
    expect(inWords(ms)).toBe(words);
  });
});

describe("asClock", () => {
  it("shows hours, minutes and seconds", () => {
    expect(asClock(23 * 60_000 + 41_000)).toBe("00:23:41");
    expect(asClock(100 * 3_600_000)).toBe("100:00:00");
  });
  it("leaves hours out when asked, until there are some", () => {
    expect(asClock(4 * 60_000 + 12_000, { hasHours: false })).toBe("04:12");
    expect(asClock(3_600_000, { hasHours: false })).toBe("01:00:00");
    expect(asClock(-1, { hasHours: false })).toBe("00:00");
  });
});
