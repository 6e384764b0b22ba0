import { describe, expect, it } from "vitest";
import type { TellTarget } from "#/server/notify/shared/tell-target.ts";
import { toldText, wavesOf } from "./rules.ts";
import { REPEAT_PAUSE_MINUTES_MAX, TELL_WAVES_MAX } from "./shared/lists.ts";

const minutes = (repeatMinutes: number, fallbackAfterMinutes: number) =>
  wavesOf({ repeatMinutes, fallbackAfterMinutes }).map((wave) => wave.atMinutes);

describe("when people are told", () => {
  it("is at the interval until the fallback list's time, then ever more seldom", () => {
    expect(minutes(5, 15).slice(0, 8)).toEqual([0, 5, 10, 15, 25, 45, 85, 145]);
    expect(minutes(5, 12).slice(0, 5)).toEqual([0, 5, 10, 12, 22]);
    expect(minutes(60, 1).slice(0, 4)).toEqual([0, 1, 61, 121]);
  });
  it("brings the fallback list in from its time on, never before", () => {
    const waves = wavesOf({ repeatMinutes: 5, fallbackAfterMinutes: 15 });
    expect(waves.slice(0, 3).map((wave) => wave.withFallback)).toEqual([false, false, false]);
    expect(waves.slice(3).every((wave) => wave.withFallback)).toBe(true);
  });
  it("without an interval is once, and once with the fallback list", () => {
    expect(minutes(0, 15)).toEqual([0, 15]);
  });
  it.each([
    [1, 240],
    [60, 240],
    [5, 15],
  ])("ends after the last wave, and no pause is longer than an hour (%i, %i)", (repeat, fallback) => {
    const at = minutes(repeat, fallback);
    expect(at).toHaveLength(TELL_WAVES_MAX);
    const pauses = at.slice(1).map((value, index) => value - (at[index] ?? 0));
    expect(Math.max(...pauses)).toBeLessThanOrEqual(REPEAT_PAUSE_MINUTES_MAX);
    expect(Math.min(...pauses)).toBeGreaterThan(0);
  });
});

describe("what the timeline says of it", () => {
  const to = (kind: TellTarget["kind"]): TellTarget => ({ kind, to: "x", region: "us" });
  const first = { wave: 0, minutes: 0, withFallback: false };
  it.each([
    [[to("slack")], "Slack is being told"],
    [[to("email")], "1 address by e-mail is being told"],
    [[to("slack"), to("email"), to("email")], "Slack and 2 addresses by e-mail are being told"],
    [[to("webhook"), to("pagerduty"), to("opsgenie")], "a webhook, PagerDuty and Opsgenie are being told"],
    [[], "Nobody was told: neither Slack nor mail is set up for it"],
  ])("%#: %s", (targets, text) => {
    expect(toldText({ targets, ...first })).toBe(text);
  });
  it("tells how long it has waited, and of the fallback list", () => {
    const again = { targets: [to("slack"), to("email")], wave: 3, minutes: 15, withFallback: true };
    expect(toldText(again)).toBe(
      "Nobody has accepted for 15 min: Slack and 1 address by e-mail are being told again, the fallback list among them",
    );
    expect(toldText({ ...again, targets: [] })).toBe(
      "Nobody has accepted for 15 min: nobody is left who could be told",
    );
  });
});
