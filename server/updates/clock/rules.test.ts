import { describe, expect, it } from "vitest";
import { CADENCE_DEFAULT, CADENCE_UNKNOWN, isClocked, offeredPause, overdueSteps } from "../shared/cadence.ts";
import { dueBy, minutesOf, stepAt } from "./rules.ts";

const MINUTE_MS = 60_000;
const start = new Date("2026-11-21T10:00:00.000Z");
const later = (minutes: number) => new Date(start.getTime() + minutes * MINUTE_MS);

describe("the clock of updates", () => {
  it.each([
    ["SEV1", { pace: "usual", hasSpoken: false }, 5],
    ["SEV1", { pace: "usual", hasSpoken: true }, 20],
    ["SEV1", { pace: "long", hasSpoken: true }, 60],
    ["SEV2", { pace: "usual", hasSpoken: true }, 20],
    ["SEV3", { pace: "usual", hasSpoken: true }, 60],
    ["SEV4", { pace: "usual", hasSpoken: true }, 0],
    ["SEV5", { pace: "long", hasSpoken: false }, 0],
  ] as const)("of %s with %o runs for %i minutes", (severity, clock, minutes) => {
    expect(minutesOf(clock, CADENCE_DEFAULT[severity])).toBe(minutes);
  });

  it("is what the composer offers first, and an hour where nothing is due", () => {
    expect(offeredPause({ pace: "usual", everyMinutes: 20, longMinutes: 60 })).toBe(20);
    expect(offeredPause({ pace: "long", everyMinutes: 20, longMinutes: 60 })).toBe(60);
    expect(offeredPause({ pace: "usual", everyMinutes: 0, longMinutes: 0 })).toBe(60);
    expect(minutesOf({ pace: "usual", hasSpoken: false }, CADENCE_UNKNOWN)).toBe(5);
  });

  it("counts from the last word, and from now when that was over before the severity said so", () => {
    const clock = { pace: "usual", hasSpoken: true, startedAt: start } as const;
    expect(dueBy(clock, CADENCE_DEFAULT.SEV1, later(3))).toEqual(later(20));
    expect(dueBy(clock, CADENCE_DEFAULT.SEV1, later(40))).toEqual(later(45));
    expect(dueBy(clock, CADENCE_DEFAULT.SEV4, later(3))).toBeNull();
  });

  it.each([
    [{ status: "investigating", mode: "live", visibility: "public" }, true],
    [{ status: "triage", mode: "live", visibility: "public" }, false],
    [{ status: "resolved", mode: "live", visibility: "public" }, false],
    [{ status: "investigating", mode: "drill", visibility: "public" }, false],
    [{ status: "investigating", mode: "retrospective", visibility: "public" }, false],
    [{ status: "investigating", mode: "live", visibility: "private" }, false],
  ] as const)("runs by itself for %o: %s", (incident, isRunning) => {
    expect(isClocked(incident)).toBe(isRunning);
  });

  it.each([
    [0, 0, overdueSteps[1]],
    [4.9, 0, overdueSteps[1]],
    [5, 1, overdueSteps[2]],
    [9.9, 1, overdueSteps[2]],
    [10, 2, null],
    [600, 2, null],
  ])("takes one step after %d minutes: %i, the next at %s", (late, step, next) => {
    expect(stepAt(start, later(late))).toEqual({ step, nextAt: next === null ? null : later(next) });
  });
});
