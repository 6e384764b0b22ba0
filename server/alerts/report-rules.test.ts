import { describe, expect, test } from "vitest";
import type { AlertReport } from "./report.ts";
import {
  FLAP_WINDOW_MS,
  filledIn,
  isEndedBefore,
  isFlapping,
  isLateEnd,
  isLateFiring,
  staleAt,
  startsWith,
  titleOf,
} from "./report-rules.ts";

const at = (time: string) => new Date(`2026-11-21T${time}Z`);
function report(over: Partial<AlertReport> = {}): AlertReport {
  return {
    kind: "alert",
    status: "firing",
    dedupKey: "k",
    title: "Disk full",
    description: null,
    severity: null,
    severityWord: null,
    service: null,
    labels: {},
    links: [],
    startsAt: null,
    endsAt: null,
    at: null,
    ...over,
  };
}
const ended = { rule: "sender", text: "", at: "" };

describe("what came when is told by the sender's time", () => {
  const open = { startsAt: at("10:00:00"), firstReportedAt: at("10:00:00"), reportedAt: at("10:05:00") };
  test.each([
    ["the end of an earlier firing", { startsAt: at("09:00:00") }, true],
    ["an end before the last report", { at: at("10:04:59") }, true],
    ["an end by endsAt before the last report", { endsAt: at("10:04:00") }, true],
    ["an end at the same time as the last report", { at: at("10:05:00") }, false],
    ["an end after it", { endsAt: at("10:06:00") }, false],
    ["an end without any time", {}, false],
  ])("%s", (_, over, isLate) => {
    expect(isLateEnd(report({ status: "resolved", ...over }), open, false)).toBe(isLate);
  });
  test("an end before all that is known of the key ends it, unless it fired before", () => {
    const early = report({ status: "resolved", at: at("09:58:00") });
    expect(isLateEnd(early, open, false)).toBe(false);
    expect(isLateEnd(early, open, true)).toBe(true);
  });
  test("the receiver's own clock proves nothing against a sender's", () => {
    const untimed = { startsAt: at("10:00:00"), firstReportedAt: null, reportedAt: null };
    expect(isLateEnd(report({ status: "resolved", endsAt: at("09:59:00") }), untimed, false)).toBe(false);
  });
  test.each([
    ["the same firing again", { startsAt: at("10:00:00") }, ended, true],
    ["a report from before the end", { at: at("10:04:00") }, ended, true],
    ["a new start", { startsAt: at("10:10:00") }, ended, false],
    ["no time", {}, ended, false],
    ["the same firing, after a person ended it", { startsAt: at("10:00:00") }, { ...ended, rule: "person" }, false],
    ["the same firing, after it went stale", { startsAt: at("10:00:00") }, { ...ended, rule: "stale" }, false],
  ])("a firing after the end: %s", (_, over, ending, isLate) => {
    expect(isLateFiring(report(over), { ...open, ending })).toBe(isLate);
  });
  test.each([
    ["a start before it", { startsAt: at("09:59:00") }, at("10:00:00"), true],
    ["a start after it", { startsAt: at("10:01:00") }, at("10:00:00"), false],
    ["no time of its own", {}, at("10:00:00"), false],
    ["no end", { startsAt: at("09:59:00") }, null, false],
  ])("an end that came first, and %s", (_, over, end, isEnded) => {
    expect(isEndedBefore(report(over), end)).toBe(isEnded);
  });
});

describe("flapping", () => {
  test.each([
    ["twice", [0, 1], false],
    ["three times within the window", [0, 60_000, FLAP_WINDOW_MS], true],
    ["three times, a little more slowly", [0, 60_000, FLAP_WINDOW_MS + 1], false],
    ["the last three count", [0, FLAP_WINDOW_MS * 9, FLAP_WINDOW_MS * 9 + 1, FLAP_WINDOW_MS * 9 + 2], true],
  ])("%s", (_, starts, is) => {
    expect(isFlapping(starts)).toBe(is);
  });
  test("firings are kept in the order they happened, the last three of them", () => {
    expect(startsWith([10, 20, 40], new Date(30))).toEqual([20, 30, 40]);
  });
});

describe("stale", () => {
  const lastAt = at("10:00:00");
  const hours = (count: number) => new Date(lastAt.getTime() + count * 3_600_000);
  test.each([
    ["a source that never says so", { neverResolves: true, routeMinutes: null }, null, hours(24), "stale-source"],
    ["any other", { neverResolves: false, routeMinutes: null }, null, hours(7 * 24), "stale"],
    ["by its route", { neverResolves: true, routeMinutes: 120 }, null, hours(2), "stale-route"],
    ["by its sender's word", { neverResolves: false, routeMinutes: 120 }, hours(1), hours(1), "stale-sender"],
    ["a word that is over already", { neverResolves: false, routeMinutes: null }, at("09:00:00"), hours(168), "stale"],
  ])("%s", (_, policy, holdsUntil, expected, rule) => {
    const stale = staleAt(policy, { holdsUntil, lastAt });
    expect([stale.at, stale.rule]).toEqual([expected, rule]);
    expect(stale.text.length).toBeGreaterThan(10);
  });
});

describe("a repeat", () => {
  const open = {
    title: "Disk full",
    description: "",
    severity: "warning" as const,
    severityWord: null,
    labels: { a: "1" },
    links: [],
  };
  const link = { kind: "source", title: "Source", url: "https://example.com/1" };
  test("fills in what was empty", () => {
    const more = report({ description: "90 %", severityWord: "P2", labels: { a: "2", b: "3" }, links: [link] });
    expect(filledIn(open, more, "x")).toEqual({
      description: "90 %",
      severityWord: "P2",
      labels: { a: "1", b: "3" },
      links: [link],
    });
  });
  test("overwrites nothing", () => {
    const full = { ...open, description: "80 %", severityWord: "P3", links: [link] };
    const other = report({
      title: "Other",
      description: "other",
      severityWord: "P1",
      labels: { a: "9" },
      links: [link],
    });
    expect(filledIn(full, other, "x")).toEqual({});
  });
  test("names what had no name", () => {
    const untitled = { ...open, title: titleOf({ title: null, description: null }, "probe") };
    expect(filledIn(untitled, report({ title: "Disk full on db-1" }), "probe")).toEqual({ title: "Disk full on db-1" });
  });
  test("raises the severity and never lowers it", () => {
    expect(filledIn(open, report({ severity: "critical" }), "x")).toEqual({ severity: "critical" });
    expect(filledIn(open, report({ severity: "info" }), "x")).toEqual({});
  });
});
