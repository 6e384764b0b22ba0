import { describe, expect, test } from "vitest";
import { forgetEdits, pageEdits, reportEdits, subscribeToPageEdits, worstOf } from "./save-registry.ts";
import { CONNECT_GRACE_MS, NOT_SAVED_AFTER_MS, SaveTracker } from "./save-tracker.ts";
import type { SharedDocument } from "./shared-document.ts";

function connected(): SaveTracker {
  const tracker = new SaveTracker(0);
  tracker.connected(0);
  tracker.opened();
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

  test("[SY94] nothing is said before the document is open, unless it takes too long or something was edited", () => {
    const tracker = new SaveTracker(0);
    expect(tracker.state(CONNECT_GRACE_MS - 1)).toBeNull();
    expect(tracker.state(CONNECT_GRACE_MS)).toBe("offline");
    tracker.edited(1);
    expect(tracker.state(2)).toBe("offline");
    const opening = new SaveTracker(0);
    opening.connected(1);
    expect(opening.state(2)).toBeNull();
    opening.opened();
    expect(opening.state(2)).toBe("saved");
    const early = new SaveTracker(0);
    early.connected(1);
    early.edited(2);
    expect(early.state(3)).toBe("saving");
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
  test("[SY94] shows the worst of its documents, and nothing before the first is open", () => {
    expect(worstOf([])).toBeNull();
    expect(worstOf([null])).toBeNull();
    expect(worstOf([null, "saved"])).toBe("saved");
    expect(worstOf(["saved", "saving"])).toBe("saving");
    expect(worstOf(["saving", "offline"])).toBe("offline");
    expect(worstOf(["offline", "not_saved", "saved"])).toBe("not_saved");
    const [one, two] = [{} as SharedDocument, {} as SharedDocument];
    let told = 0;
    const stop = subscribeToPageEdits(() => (told += 1));
    reportEdits(one, { state: "saving", isKept: false, isTroubled: false });
    reportEdits(two, { state: "saved", isKept: true, isTroubled: true });
    expect([pageEdits(), told]).toEqual([{ state: "saving", isKept: false, troubled: [two] }, 2]);
    reportEdits(two, { state: "saved", isKept: true, isTroubled: true });
    expect(told).toBe(2);
    forgetEdits(one);
    expect([pageEdits(), told]).toEqual([{ state: "saved", isKept: true, troubled: [two] }, 3]);
    stop();
    forgetEdits(two);
  });
});
