import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { IDLE_AFTER_MS, IdleWatch } from "./idle.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function watched() {
  const told: boolean[] = [];
  return { told, watch: new IdleWatch((isIdle) => told.push(isIdle)) };
}

test("a tab that nobody touches is idle after five minutes, and not before", () => {
  const { told } = watched();
  vi.advanceTimersByTime(IDLE_AFTER_MS - 1);
  expect(told).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(told).toEqual([true]);
  vi.advanceTimersByTime(10 * IDLE_AFTER_MS);
  expect(told).toEqual([true]);
});

test("each touch starts the five minutes anew", () => {
  const { told, watch } = watched();
  for (let n = 0; n < 10; n += 1) {
    vi.advanceTimersByTime(IDLE_AFTER_MS - 1);
    watch.touch();
  }
  expect(told).toEqual([]);
  vi.advanceTimersByTime(IDLE_AFTER_MS);
  expect(told).toEqual([true]);
});

test("a touch wakes it, once, and it can be idle again", () => {
  const { told, watch } = watched();
  vi.advanceTimersByTime(IDLE_AFTER_MS);
  watch.touch();
  watch.touch();
  expect(told).toEqual([true, false]);
  expect(watch.isIdle).toBe(false);
  vi.advanceTimersByTime(IDLE_AFTER_MS);
  expect(told).toEqual([true, false, true]);
});

test("after its end it says nothing", () => {
  const { told, watch } = watched();
  watch.stop();
  vi.advanceTimersByTime(10 * IDLE_AFTER_MS);
  expect(told).toEqual([]);
});
