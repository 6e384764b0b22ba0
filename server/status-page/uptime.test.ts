import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ComponentStatus, componentStatuses } from "#/server/audience/shared/lists.ts";
import { DAY_MS, lastDays } from "./rules.ts";
import { uptimeDays, uptimeOf, uptimeText } from "./uptime.ts";

const at = (text: string) => new Date(`2026-11-${text}Z`).getTime();
/** In a state for a while, and well again. */
const span = (from: string, to: string, status: ComponentStatus) => [
  { at: at(from), status },
  { at: at(to), status: "operational" as const },
];
const now = new Date("2026-11-21T12:00:00Z");
const since = new Date("2026-11-01T00:00:00Z");
const HOUR_MS = 3_600_000;

describe("days", () => {
  const days = lastDays(now, 3);
  const tell = (changes: ReturnType<typeof span>) => uptimeDays(changes, days, { since, now });

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
    const said = span("19T12:00", "19T13:00", "major_outage");
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

it("days sum up to what the changes say, however they lie", () => {
  const change = fc.record({
    at: fc.integer({ min: -5 * DAY_MS, max: 0 }).map((ms) => now.getTime() + ms),
    status: fc.constantFrom(...componentStatuses),
  });
  fc.assert(
    fc.property(fc.uniqueArray(change, { maxLength: 24, selector: (one) => one.at }), (found) => {
      const changes = found.toSorted((a, b) => a.at - b.at);
      const told = uptimeDays(changes, lastDays(now, 10), { since, now });
      for (const day of told) {
        expect(day.downMs).toBeLessThanOrEqual(day.affectedMs + 1e-6);
        expect(day.affectedMs).toBeLessThanOrEqual(day.knownMs);
        if (day.affectedMs > 0) expect(day.worst).not.toBe("operational");
      }
      // Backwards from the end instead of day by day: the same time, seen another way.
      let affected = 0;
      let end = now.getTime();
      for (const one of changes.toReversed()) {
        if (one.status !== "operational") affected += end - one.at;
        end = one.at;
      }
      expect(told.reduce((sum, day) => sum + day.affectedMs, 0)).toBe(affected);
    }),
    { numRuns: 200 },
  );
});
