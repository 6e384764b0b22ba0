import { describe, expect, test } from "vitest";
import type { TimelineEntryView } from "#/server/timeline/contract.ts";
import { countsOf, earlierAfter, entriesToShow, hasWords, nearestTo } from "./known-entries.ts";

const entry = (seq: number, more: Partial<TimelineEntryView> = {}) =>
  ({
    id: `e${seq}`,
    seq,
    kind: "event",
    type: "incident.declared",
    at: `2026-03-01T10:${String(seq).padStart(2, "0")}:00.000Z`,
    actor: { id: "a", name: "Ada" },
    data: {},
    body: null,
    deletedAt: null,
    mark: null,
    pinned: false,
    ...more,
  }) as TimelineEntryView;
const note = (seq: number, body: string, more: Partial<TimelineEntryView> = {}) =>
  entry(seq, { kind: "note", type: "note", body, ...more });
const counts = { all: 9, notes: 4, decisions: 1, follow_ups: 0, alerts: 2, changes: 3, updates: 0, pinned: 1 };
const earlier = { beforeSeq: 10, counts };
const noTexts = new Map<string, string>();

describe("what is shown of a long timeline", () => {
  const entries = [note(3, "found by a filter", { mark: "decision" }), entry(10), note(11, "Roll back"), entry(12)];

  test("without a filter there are no holes in it", () => {
    const shown = entriesToShow({ entries, earlier }, { filter: "all", words: "" }, noTexts);
    expect(shown.map((each) => each.seq)).toEqual([10, 11, 12]);
  });
  test("under a filter it is what is known and belongs", () => {
    const seqs = (filter: "notes" | "decisions" | "all", words = "", texts = noTexts) =>
      entriesToShow({ entries, earlier }, { filter, words }, texts).map((each) => each.seq);
    expect(seqs("notes")).toEqual([3, 11]);
    expect(seqs("decisions")).toEqual([3]);
    expect(seqs("all", "roll")).toEqual([11]);
    // What is being typed counts, not what the server last said.
    expect(seqs("all", "forward", new Map([["e11", "Roll forward"]]))).toEqual([11]);
  });
  test("an event is found by what it says and by who did it", () => {
    expect(hasWords(entry(1), "ada DECLARED")).toBe(true);
    expect(hasWords(entry(1), "lin")).toBe(false);
  });
  test("Markdown's signs are not in the way", () => {
    expect(hasWords(note(1, "release **42**: pool `max_size`"), "42: max_size")).toBe(true);
    expect(hasWords(note(1, "release 42"), "**")).toBe(true);
  });
  test("counts are those of the whole timeline", () => {
    expect(countsOf({ entries, earlier })).toMatchObject({ all: 12, notes: 5, decisions: 1, changes: 5 });
    expect(countsOf({ entries, earlier: null })).toMatchObject({ all: 4, notes: 2, decisions: 1, changes: 2 });
  });
  test("a page that was read is no longer among what is left out", () => {
    const page = [note(5, "x", { mark: "decision" }), entry(6), entry(9, { pinned: true })];
    expect(earlierAfter(earlier, page, true)).toEqual({
      beforeSeq: 5,
      counts: { ...counts, all: 6, notes: 3, decisions: 0, changes: 1, pinned: 0 },
    });
    expect(earlierAfter(earlier, page, false)).toBeNull();
    expect(earlierAfter(earlier, [], true)).toBeNull();
  });
  test("the entry nearest to an instant", () => {
    expect(nearestTo(entries, Date.parse("2026-03-01T10:10:40Z"))?.seq).toBe(11);
    expect(nearestTo([], 0)).toBeUndefined();
  });
});
