import { describe, expect, test } from "vitest";
import { reminderPauseMs, takeOverRefusal } from "./rules.ts";
import { awaySince } from "./shared/away.ts";
import { ABSENT_AFTER_MS, COMMANDER_REMINDERS_MAX, ROLE_REMINDERS_MAX } from "./shared/lists.ts";

const at = (time: string) => new Date(`2026-11-21T${time}Z`);

describe("since when a holder is away", () => {
  const cases: [string, { leftAt: Date | null } | undefined, string | null, string | null][] = [
    ["in the room", { leftAt: null }, "10:00:00", null],
    ["left the room", { leftAt: at("10:05:00") }, "10:00:00", "10:05:00"],
    ["got the role after leaving", { leftAt: at("09:00:00") }, "10:00:00", "10:00:00"],
    ["never came", undefined, "10:00:00", "10:00:00"],
  ];
  test.each(cases)("%s", (_, presence, heldSince, expected) => {
    expect(awaySince(presence, heldSince ? at(heldSince) : null)).toEqual(expected ? at(expected) : null);
  });
});

describe("taking a role over", () => {
  const holding = { role: "commander", holder: "Ada", heldSince: at("10:00:00"), joinedAt: at("09:50:00") };
  test("is refused while the holder is here, saying since when", () => {
    expect(takeOverRefusal({ ...holding, away: null }, at("11:00:00"))).toBe(
      "Ada has commander and has been here since 09:50 UTC. Ask them to offer it to you.",
    );
  });
  test("is refused a millisecond before the time is over, and not at it", () => {
    const away = at("10:00:00");
    const end = away.getTime() + ABSENT_AFTER_MS;
    expect(takeOverRefusal({ ...holding, away }, new Date(end - 1))).toContain("You can take over from 10:03 UTC");
    expect(takeOverRefusal({ ...holding, away }, new Date(end))).toBeNull();
  });
});

describe("reminders of a role that nobody holds", () => {
  test("wait twice as long each time, and end", () => {
    const minutes = (role: string, most: number) =>
      Array.from({ length: most + 1 }, (_, count) => {
        const pause = reminderPauseMs(role, count);
        return pause === null ? null : pause / 60_000;
      });
    expect(minutes("commander", COMMANDER_REMINDERS_MAX)).toEqual([5, 10, 20, 40, null]);
    expect(minutes("scribe", ROLE_REMINDERS_MAX)).toEqual([10, 20, null]);
  });
});
