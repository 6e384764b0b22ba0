import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ComponentStatus, componentStatuses } from "#/server/audience/shared/lists.ts";
import type { PageIncident, PageUpdate } from "./model.ts";
import { DAY_MS, lastDays } from "./rules.ts";
import { type Interval, intervalsOf, stateChanges, uptimeDays, uptimeOf, uptimeText } from "./uptime.ts";

const at = (text: string) => new Date(`2026-11-${text}Z`).getTime();
const span = (from: string, to: string, status: ComponentStatus): Interval => ({ from: at(from), to: at(to), status });
const now = new Date("2026-11-21T12:00:00Z");
const since = new Date("2026-11-01T00:00:00Z");
const HOUR_MS = 3_600_000;

describe("what is said of a component becomes its states", () => {
  it.each([
    ["nothing said", [], []],
    [
      "one incident",
      [span("20T10:00", "20T11:00", "major_outage")],
      [
        [at("20T10:00"), "major_outage"],
        [at("20T11:00"), "operational"],
      ],
    ],
    [
      "two at once: the worse counts, then the other",
      [span("20T10:00", "20T12:00", "partial_outage"), span("20T11:00", "20T11:30", "major_outage")],
      [
        [at("20T10:00"), "partial_outage"],
        [at("20T11:00"), "major_outage"],
        [at("20T11:30"), "partial_outage"],
        [at("20T12:00"), "operational"],
      ],
    ],
    [
      "the same said twice is one state",
      [span("20T10:00", "20T11:00", "partial_outage"), span("20T11:00", "20T12:00", "partial_outage")],
      [
        [at("20T10:00"), "partial_outage"],
        [at("20T12:00"), "operational"],
      ],
    ],
    ["what lasted no time is no state", [span("20T10:00", "20T10:00", "major_outage")], []],
  ] as const)("%s", (_, intervals, changes) => {
    expect(stateChanges(intervals).map((one) => [one.at, one.status])).toEqual(changes);
  });

  it("each word of an incident ends the one before, and its resolve ends the last", () => {
    const update = (publishedAt: string, newStatus: ComponentStatus) =>
      ({
        publishedAt: new Date(at(publishedAt)),
        components: [{ id: "checkout", name: "Checkout", oldStatus: "operational", newStatus }],
      }) as unknown as PageUpdate;
    const incident = {
      resolvedAt: new Date(at("20T13:00")),
      updates: [update("20T12:00", "degraded_performance"), update("20T10:00", "major_outage")],
    } as unknown as PageIncident;
    expect(intervalsOf([incident], now).get("checkout")).toEqual([
      span("20T10:00", "20T12:00", "major_outage"),
      span("20T12:00", "20T13:00", "degraded_performance"),
    ]);
    const open = intervalsOf([{ ...incident, resolvedAt: null }], now).get("checkout");
    expect(open?.at(-1)?.to).toBe(now.getTime());
  });
});

describe("days", () => {
  const days = lastDays(now, 3);
  const tell = (...intervals: Interval[]) => uptimeDays(stateChanges(intervals), days, { since, now });

  it("are known up to now, and an outage over midnight belongs to both", () => {
    const told = tell(span("19T23:00", "20T01:00", "major_outage"));
    expect(told.map((day) => [day.day, day.worst, day.downMs / HOUR_MS, day.knownMs / HOUR_MS])).toEqual([
      ["2026-11-19", "major_outage", 1, 24],
      ["2026-11-20", "major_outage", 1, 24],
      ["2026-11-21", "operational", 0, 12],
    ]);
    expect(uptimeText(uptimeOf(told) ?? 0)).toBe("96.66 %");
  });

  it.each([
    ["major_outage", 1],
    ["partial_outage", 0.3],
    ["degraded_performance", 0],
    ["under_maintenance", 0],
    ["operational", 0],
  ] as const)("an hour of %s counts by %d", (status, weight) => {
    const [, day] = tell(span("20T10:00", "20T11:00", status));
    expect(day?.downMs).toBeCloseTo(weight * HOUR_MS);
    expect(day?.worst).toBe(status);
  });

  it("before the component was on the page are unknown; what was said earlier counts", () => {
    const late = { since: new Date("2026-11-20T06:00:00Z"), now };
    expect(uptimeDays([], days, late).map((day) => [day.worst, day.knownMs / HOUR_MS])).toEqual([
      [null, 0],
      ["operational", 18],
      ["operational", 12],
    ]);
    const said = stateChanges([span("19T12:00", "19T13:00", "major_outage")]);
    expect(uptimeDays(said, days, late)[0]).toMatchObject({ worst: "major_outage", knownMs: 12 * HOUR_MS });
    expect(uptimeOf([])).toBeNull();
  });

  it("show what has just begun, and what goes on", () => {
    const begun = uptimeDays([{ at: now.getTime(), status: "major_outage" }], days, { since, now });
    expect(begun.map((day) => day.worst)).toEqual(["operational", "operational", "major_outage"]);
  });
});

it.each([
  [1, "100 %"],
  [0.99999, "99.99 %"],
  [0.9991, "99.91 %"],
  [0.5, "50.00 %"],
  [0, "0.00 %"],
])("an uptime of %d reads %s", (uptime, text) => expect(uptimeText(uptime)).toBe(text));

it("days sum up to what the intervals say, however they overlap", () => {
  const interval = fc
    .record({
      from: fc.integer({ min: -5 * DAY_MS, max: 0 }),
      ms: fc.integer({ min: 1, max: DAY_MS }),
      status: fc.constantFrom(...componentStatuses),
    })
    .map(({ from, ms, status }) => ({
      from: now.getTime() + from,
      to: Math.min(now.getTime() + from + ms, now.getTime()),
      status,
    }));
  fc.assert(
    fc.property(fc.array(interval, { maxLength: 12 }), (intervals) => {
      const told = uptimeDays(stateChanges(intervals), lastDays(now, 10), { since, now });
      for (const day of told) {
        expect(day.downMs).toBeLessThanOrEqual(day.affectedMs + 1e-6);
        expect(day.affectedMs).toBeLessThanOrEqual(day.knownMs);
        if (day.affectedMs > 0) expect(day.worst).not.toBe("operational");
      }
      // By the minute instead of by the interval: the same time, seen another way.
      const instants = [...new Set(intervals.flatMap((one) => [one.from, one.to]))].sort((a, b) => a - b);
      const affected = instants.slice(1).reduce((sum, end, index) => {
        const start = instants[index] ?? end;
        const isBad = intervals.some((one) => one.from <= start && end <= one.to && one.status !== "operational");
        return sum + (isBad ? end - start : 0);
      }, 0);
      expect(told.reduce((sum, day) => sum + day.affectedMs, 0)).toBe(affected);
    }),
    { numRuns: 200 },
  );
});
