import { describe, expect, it } from "vitest";
import { fieldOf, instantOf, likelyTime } from "./schedule-times.ts";

describe("a time to publish at", () => {
  it.each(["2026-11-21T10:45:00.000Z", "2026-06-30T23:59:00.000Z", "2026-01-01T00:00:00.000Z"])(
    "is the same instant before and after the field: %s",
    (text) => {
      const at = Date.parse(text);
      expect(instantOf(fieldOf(at, "utc"), "utc")).toBe(at);
      expect(instantOf(fieldOf(at, "local"), "local")).toBe(at);
    },
  );
  it("is read in the zone that is shown", () => {
    expect(fieldOf(Date.parse("2026-11-21T10:45:00.000Z"), "utc")).toBe("2026-11-21T10:45");
    expect(instantOf("2026-11-21T10:45", "utc")).toBe(Date.parse("2026-11-21T10:45:00.000Z"));
    expect(instantOf("2026-11-21T10:45", "local")).toBe(new Date(2026, 10, 21, 10, 45).getTime());
  });
  it.each(["", "2026-11-21", "2026-13-45T10:00", "soon"])("is none while the field says %j", (field) => {
    expect(instantOf(field, "utc")).toBeNull();
  });
  it("begins with the next quarter of an hour that leaves five minutes", () => {
    const at = (time: string) => Date.parse(`2026-11-21T${time}Z`);
    expect(likelyTime(at("10:01:00"))).toBe(at("10:15:00"));
    expect(likelyTime(at("10:10:00"))).toBe(at("10:15:00"));
    expect(likelyTime(at("10:10:01"))).toBe(at("10:30:00"));
  });
});
