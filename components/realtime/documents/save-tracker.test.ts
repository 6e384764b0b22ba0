import { describe, expect, test } from "vitest";
import { fullJitter } from "./full-jitter.ts";
import { forgetSaveState, pageSaveState, reportSaveState, subscribeToSaveState, worstOf } from "./save-registry.ts";
import { CONNECT_GRACE_MS, NOT_SAVED_AFTER_MS, SaveTracker } from "./save-tracker.ts";

function connected(): SaveTracker {
  const tracker = new SaveTracker(0);
  tracker.connected(0);
  return tracker;
}

describe("where edits are", () => {
  test("saved only once the barrier after the last edit is answered", () => {
    const tracker = connected();
    expect(tracker.state(0)).toBe("saved");
    tracker.edited(10);
    expect(tracker.state(10)).toBe("saving");
    const first = tracker.nextBarrier(40);
    tracker.edited(50);
    tracker.answered(first);
    expect(tracker.state(60)).toBe("saving");
    tracker.answered(tracker.nextBarrier(70));
    expect(tracker.state(80)).toBe("saved");
  });

  test("not saved when no answer came for a while, and saved when it does", () => {
    const tracker = connected();
    tracker.edited(0);
    const barrier = tracker.nextBarrier(30);
    expect(tracker.state(NOT_SAVED_AFTER_MS - 1)).toBe("saving");
    expect(tracker.state(NOT_SAVED_AFTER_MS)).toBe("not_saved");
    tracker.answered(barrier);
    expect(tracker.state(NOT_SAVED_AFTER_MS)).toBe("saved");
  });

  test("an old answer, or one to nothing, saves nothing", () => {
    const tracker = connected();
    tracker.edited(0);
    const first = tracker.nextBarrier(0);
    tracker.edited(1);
    tracker.nextBarrier(1);
    tracker.answered(first);
    tracker.answered(99);
    expect(tracker.state(2)).toBe("saving");
  });

  test("offline while cut off; what was open is asked for again", () => {
    const tracker = connected();
    tracker.edited(0);
    const lost = tracker.nextBarrier(0);
    tracker.disconnected();
    expect(tracker.state(1)).toBe("offline");
    expect(tracker.isOpen).toBe(true);
    tracker.connected(100);
    tracker.answered(lost);
    expect(tracker.state(101)).toBe("saving");
    tracker.answered(tracker.nextBarrier(102));
    expect(tracker.state(103)).toBe("saved");
  });

  test("a page that just opens is not offline, until it takes too long", () => {
    const tracker = new SaveTracker(0);
    expect(tracker.state(CONNECT_GRACE_MS - 1)).toBe("saved");
    expect(tracker.state(CONNECT_GRACE_MS)).toBe("offline");
    tracker.edited(1);
    expect(tracker.state(2)).toBe("offline");
  });

  test("what was refused, or cut off for good, is not saved", () => {
    const refused = connected();
    refused.refused();
    expect(refused.state(0)).toBe("not_saved");
    const closed = connected();
    closed.edited(0);
    closed.closed();
    expect(closed.state(1)).toBe("not_saved");
    const idle = connected();
    idle.closed();
    expect(idle.state(1)).toBe("saved");
  });
});

describe("the page", () => {
  test("shows the worst of its documents", () => {
    expect(worstOf([])).toBe("saved");
    expect(worstOf(["saved", "saving"])).toBe("saving");
    expect(worstOf(["saving", "offline"])).toBe("offline");
    expect(worstOf(["offline", "not_saved", "saved"])).toBe("not_saved");
    const [one, two] = [{}, {}];
    let told = 0;
    const stop = subscribeToSaveState(() => (told += 1));
    reportSaveState(one, "saving");
    reportSaveState(two, "saved");
    expect([pageSaveState(), told]).toEqual(["saving", 1]);
    forgetSaveState(one);
    expect([pageSaveState(), told]).toEqual(["saved", 2]);
    stop();
    forgetSaveState(two);
  });
});

test("waits grow to half a minute and are random from nothing", () => {
  expect(fullJitter(0, 1)).toBe(400);
  expect(fullJitter(3, 0.5)).toBe(1_600);
  expect(fullJitter(50, 1)).toBe(30_000);
  expect(fullJitter(50, 0)).toBe(0);
});
