import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { serverNowMs, syncClock } from "./server-clock.ts";

const START = Date.parse("2026-03-01T10:00:00.000Z");
const at = (ms: number) => new Date(START + ms).toISOString();
const offset = () => serverNowMs() - Date.now();

beforeEach(() => void vi.useFakeTimers({ now: START }));
afterEach(() => void vi.useRealTimers());

test("the server's clock is followed by the best measurement, until that has drifted", () => {
  syncClock(at(60_000));
  expect(offset()).toBe(60_000);
  // Asked for 400 ms ago: told 200 ms ago.
  syncClock(at(59_800), 400);
  expect(offset()).toBe(60_000);
  syncClock(at(70_000));
  expect(offset()).toBe(60_000);
  syncClock(at(60_990), 20);
  expect(offset()).toBe(61_000);
  syncClock(at(50_000), 2_000);
  expect(offset()).toBe(61_000);
  vi.setSystemTime(START + 3_600_000);
  syncClock(at(3_600_000 + 4_000), 2_000);
  expect(offset()).toBe(5_000);
});

test("a device's clock that was set back is measured anew", () => {
  syncClock(at(3_600_000 + 10), 20);
  vi.setSystemTime(START - 3_600_000);
  syncClock(at(0), 800);
  expect(offset()).toBe(3_600_400);
});
