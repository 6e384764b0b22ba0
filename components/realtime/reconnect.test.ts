import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { fullJitter, Reconnect } from "./reconnect.ts";

test("[SY97] waits grow to half a minute and are random from nothing", () => {
  expect(fullJitter(0, 1)).toBe(500);
  expect(fullJitter(2, 0.5)).toBeCloseTo(422.5);
  expect(fullJitter(50, 1)).toBe(30_000);
  expect(fullJitter(50, 0)).toBe(0);
});

describe("coming back", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("[SY97] is tried again after each failure, and no more once it works or is given up", () => {
    let tries = 0;
    const reconnect = new Reconnect(() => {
      tries += 1;
      reconnect.later();
    });
    reconnect.later();
    vi.advanceTimersByTime(120_000);
    expect(tries).toBeGreaterThan(4);
    reconnect.done();
    const before = tries;
    vi.advanceTimersByTime(120_000);
    expect(tries).toBe(before);
    reconnect.later();
    reconnect.stop();
    vi.advanceTimersByTime(120_000);
    expect(tries).toBe(before);
  });

  test("[SY97] one connection that found the server ends the waits of the others", () => {
    const tries = { one: 0, two: 0 };
    const one = new Reconnect(() => {
      tries.one += 1;
    });
    const two = new Reconnect(() => {
      tries.two += 1;
    });
    two.later();
    one.done();
    expect(tries).toEqual({ one: 0, two: 1 });
    one.done();
    expect(tries.two).toBe(1);
    one.stop();
    two.stop();
  });
});
