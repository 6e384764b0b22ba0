import { describe, expect, it } from "vitest";
import { movedText } from "./change-maintenance.ts";
import {
  dueStep,
  nextDueAt,
  nextReminder,
  type Planned,
  pastReminders,
  requireFollowing,
  requireNotEnded,
  requireWindow,
} from "./rules.ts";
import { maintenanceStatuses } from "./shared/lists.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const start = new Date("2026-11-22T22:00:00Z");
const at = (minutes: number) => new Date(start.getTime() + minutes * MINUTE);

function planned(change: Partial<Planned> = {}): Planned {
  return {
    status: "scheduled",
    fromAt: start,
    untilAt: at(120),
    verifyMinutes: 0,
    reminders: [24 * 60, 60],
    reminded: [],
    ...change,
  };
}

describe("what time asks for", () => {
  it.each([
    ["nothing long before", planned(), at(-2 * 24 * 60), null],
    ["a reminder a day before", planned(), at(-24 * 60), { do: "remind", reminded: [1440] }],
    ["nothing when that went out", planned({ reminded: [1440] }), at(-24 * 60), null],
    ["one reminder for two that were slept through", planned(), at(-30), { do: "remind", reminded: [1440, 60] }],
    ["the start", planned({ reminded: [1440, 60] }), at(0), { do: "start", isLate: false }],
    ["the start before a reminder that came too late", planned(), at(0), { do: "start", isLate: false }],
    ["a late start when all of it passed", planned(), at(121), { do: "start", isLate: true }],
    ["nothing while it runs", planned({ status: "in_progress" }), at(60), null],
    ["verifying near its end", planned({ status: "in_progress", verifyMinutes: 15 }), at(105), { do: "verify" }],
    ["nothing while it is verified", planned({ status: "verifying", verifyMinutes: 15 }), at(105), null],
    ["its end", planned({ status: "in_progress", verifyMinutes: 15 }), at(120), { do: "complete" }],
    ["its end from verifying", planned({ status: "verifying" }), at(120), { do: "complete" }],
    ["nothing once it is completed", planned({ status: "completed" }), at(500), null],
    ["nothing once it is cancelled", planned({ status: "cancelled" }), at(0), null],
  ])("is %s", (_, row, now, step) => expect(dueStep(row, now)).toEqual(step));

  it.each([
    [planned(), at(-24 * 60)],
    [planned({ reminded: [1440] }), at(-60)],
    [planned({ reminded: [1440, 60] }), start],
    [planned({ status: "in_progress" }), at(120)],
    [planned({ status: "in_progress", verifyMinutes: 20 }), at(100)],
    [planned({ status: "verifying", verifyMinutes: 20 }), at(120)],
    [planned({ status: "completed" }), null],
  ])("is looked for again at its instant", (row, due) => expect(nextDueAt(row)).toEqual(due));

  it("reminds of nothing that begins sooner, and of nothing that has begun", () => {
    expect(pastReminders({ fromAt: start, reminders: [1440, 60] }, at(-90))).toEqual([1440]);
    expect(nextReminder(planned({ reminded: [1440] }))).toEqual(at(-60));
    expect(nextReminder(planned({ status: "in_progress" }))).toBeNull();
  });
});

describe("a window", () => {
  const window = (from: number, until: number, verifyMinutes = 0) => ({
    fromAt: at(from),
    untilAt: at(until),
    verifyMinutes,
  });
  it.each([
    ["ends in the past", window(-20, -10), "/until"],
    ["ends before its start", window(20, 10), "/until"],
    ["has no length", window(20, 20), "/until"],
    ["is longer than 90 days", window(0, 90 * 24 * 60 + 1), "/until"],
    ["begins long ago", window(-16, 60), "/from"],
    ["begins in more than a year", window(366 * 24 * 60 + 1, 366 * 24 * 60 + 60), "/from"],
    ["is all verifying", window(0, 60, 60), "/verifyMinutes"],
  ])("is refused when it %s", (_, given, pointer) => {
    const refusal = expect.objectContaining({ code: "invalid", errors: [expect.objectContaining({ pointer })] });
    expect(() => requireWindow(given, start, true)).toThrow(refusal);
  });
  it("is taken at the limits", () => {
    const limits = [
      window(-15, 60),
      window(0, 90 * 24 * 60),
      window(366 * 24 * 60, 366 * 24 * 60 + 1),
      window(0, 60, 59),
    ];
    for (const given of limits) expect(() => requireWindow(given, start, true)).not.toThrow();
    expect(() => requireWindow(window(-DAY / MINUTE, 60), start, false)).not.toThrow();
  });
});

it("goes from stage to stage, and nowhere once it is over", () => {
  const followers = maintenanceStatuses.map((before) =>
    maintenanceStatuses.filter((after) => {
      if (before === after || after === "cancelled") return false;
      try {
        requireFollowing(before, after);
        return true;
      } catch {
        return false;
      }
    }),
  );
  expect(followers).toEqual([["in_progress"], ["verifying", "completed"], ["in_progress", "completed"], [], []]);
  expect(() => requireFollowing("completed", "completed")).not.toThrow();
  expect(() => requireNotEnded("completed")).toThrow("This maintenance is completed");
  expect(() => requireNotEnded("verifying")).not.toThrow();
});

it("says what changed of its window", () => {
  const before = { fromAt: start, untilAt: at(60) };
  expect(movedText(before, { fromAt: start, untilAt: at(90) })).toBe(
    "The maintenance takes longer than planned: 22 Nov 2026, 22:00 – 23:30 UTC.",
  );
  expect(movedText(before, { fromAt: start, untilAt: at(30) })).toContain("takes less time than planned");
  expect(movedText(before, { fromAt: at(60), untilAt: at(180) })).toBe(
    "The maintenance was moved. It now takes place 22 Nov 2026, 23:00 UTC – 23 Nov 2026, 01:00 UTC.",
  );
});
