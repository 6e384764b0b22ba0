import { describe, expect, test } from "vitest";
import { dueDay } from "./due-day.ts";
import { heldRoles } from "./held-roles.ts";
import { durationsOf, type IncidentTimes } from "./shared/durations.ts";
import { durationText } from "./shared/format.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 10, minute));
const none: IncidentTimes = {
  impactStartedAt: null,
  detectedAt: null,
  firstAlertAt: null,
  acknowledgedAt: null,
  acceptedAt: null,
  declaredAt: at(3),
  mitigatedAt: null,
  resolvedAt: null,
};
const minutes = (times: Partial<IncidentTimes>) =>
  Object.fromEntries(
    durationsOf({ ...none, ...times }).map(({ key, ms, from }) => [key, [ms === null ? null : ms / 60_000, from]]),
  );

describe("durations", () => {
  test.each<[string, Partial<IncidentTimes>, Record<string, [number | null, string]>]>([
    [
      "all known, they count from the impact's start",
      {
        impactStartedAt: at(0),
        detectedAt: at(1),
        firstAlertAt: at(1),
        acknowledgedAt: at(3),
        mitigatedAt: at(30),
        resolvedAt: at(35),
      },
      { ttd: [1, "impact start"], tta: [2, "first alert"], ttm: [30, "impact start"], ttr: [35, "impact start"] },
    ],
    [
      "without the impact's start they count from the first sign, and detection is unknown",
      { firstAlertAt: at(1), acceptedAt: at(3), resolvedAt: at(31) },
      { ttd: [null, "impact start"], tta: [2, "first alert"], ttm: [null, "first alert"], ttr: [30, "first alert"] },
    ],
    [
      "without an alert nothing was acknowledged",
      { acknowledgedAt: at(3), resolvedAt: at(13) },
      { ttd: [null, "impact start"], tta: [null, "first alert"], ttm: [null, "declaration"], ttr: [10, "declaration"] },
    ],
    [
      "an end before its start is unknown",
      { impactStartedAt: at(20), detectedAt: at(1), resolvedAt: at(10) },
      {
        ttd: [null, "impact start"],
        tta: [null, "first alert"],
        ttm: [null, "impact start"],
        ttr: [null, "impact start"],
      },
    ],
  ])("%s", (_, times, expected) => {
    expect(minutes(times)).toEqual(expected);
  });

  test.each([
    [null, "—"],
    [0, "0 s"],
    [40_000, "40 s"],
    [59_999, "60 s"],
    [60_000, "1 min"],
    [35 * 60_000, "35 min"],
    [125 * 60_000, "2 h 5 min"],
    [2 * 3_600_000, "2 h"],
    [76 * 3_600_000, "3 d 4 h"],
  ])("%s ms reads %s", (ms, expected) => {
    expect(durationText(ms)).toBe(expected);
  });
});

describe("roles", () => {
  const event = (type: string, minute: number, holderName: string) => ({
    type,
    at: at(minute),
    actorName: holderName,
    data: { role: "commander", holderName },
  });

  test("a hand-over ends one span and starts the next; an offer does neither", () => {
    const spans = heldRoles([
      event("role.claimed", 3, "Ada"),
      event("role.offered", 10, "Lin"),
      event("role.accepted", 12, "Lin"),
      event("role.released", 20, "Lin"),
      event("role.claimed", 21, "Sam"),
    ]);
    expect(spans.map((span) => [span.name, span.from, span.until])).toEqual([
      ["Ada", at(3), at(12)],
      ["Lin", at(12), at(20)],
      ["Sam", at(21), null],
    ]);
  });
});

describe("due day", () => {
  test.each([
    ["2026-11-21T10:00:00Z", "SEV1", "2026-11-24"],
    ["2026-11-20T10:00:00Z", "SEV2", "2026-11-27"],
    ["2026-11-21T10:00:00Z", null, "2026-11-27"],
  ] as const)("resolved %s as %s: %s", (resolvedAt, severity, expected) => {
    expect(dueDay(new Date(resolvedAt), severity)).toBe(expected);
  });

  test("nothing is due before the end", () => {
    expect(dueDay(null, "SEV1")).toBeNull();
  });
});
