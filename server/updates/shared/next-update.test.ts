import { describe, expect, test } from "vitest";
import { inMinutes, namedTime, saysNextUpdate, utcMinute, withNextUpdate } from "./next-update.ts";

const now = new Date("2026-11-21T10:24:31.500Z");
const at = new Date("2026-11-21T10:45:00.000Z");

describe("the time of the next update", () => {
  test.each([
    ["Next update at 10:44 UTC.", true],
    ["We will post another update by noon.", true],
    ["We will update you again in 20 minutes.", true],
    ["We will report within an hour.", true],
    ["The next update comes within half an hour", true],
    ["Errors began at 10:02. We are looking into it.", false],
    ["The pool will be back in 10 minutes.", false],
    ["Posts are saved within 5 minutes.", false],
    ["Please update your app in the store.", false],
    ["Since the last update nothing has changed. It began at 10:02.", false],
  ])("%s", (text, says) => {
    expect(saysNextUpdate(text)).toBe(says);
  });

  test("is added once, where the text does not say it", () => {
    expect(withNextUpdate("Payments may fail", at, now)).toBe("Payments may fail. Next update at 10:45 UTC.");
    expect(withNextUpdate("Payments may fail.\n\nPayPal works. ", at, now)).toBe(
      "Payments may fail.\n\nPayPal works.\n\nNext update at 10:45 UTC.",
    );
    expect(withNextUpdate("Next update at 11:00 UTC.", at, now)).toBe("Next update at 11:00 UTC.");
    expect(withNextUpdate(" text ", null, now)).toBe("text");
    expect(withNextUpdate("", at, now)).toBe("Next update at 10:45 UTC.");
    const tomorrow = new Date("2026-11-22T07:00:00Z");
    expect(withNextUpdate("Still slow.", tomorrow, now)).toBe("Still slow. Next update on 22 Nov at 07:00 UTC.");
  });

  test("is a whole minute, and never earlier than promised", () => {
    expect(inMinutes(now.getTime(), 20)).toEqual(at);
    expect(inMinutes(at.getTime(), 20)).toEqual(new Date("2026-11-21T11:05:00.000Z"));
    expect(utcMinute(at, now)).toBe("10:45 UTC");
    expect(utcMinute(new Date("2026-11-22T07:00:00Z"), now)).toBe("22 Nov, 07:00 UTC");
  });

  test("a time that the text names is found", () => {
    expect(namedTime("It broke at 9:10. Next update at 9.45 UTC")).toBe("09:45");
    expect(namedTime("It broke at 9:10.")).toBeNull();
  });
});
