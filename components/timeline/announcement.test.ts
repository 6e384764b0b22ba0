import { expect, test } from "vitest";
import type { TimelineEntryView } from "#/server/timeline/contract.ts";
import { announcementOf } from "./announcement.ts";

const entry = (more: Partial<TimelineEntryView>) =>
  ({ kind: "event", type: "role.claimed", actor: { id: "a", name: "Ada" }, data: {}, ...more }) as TimelineEntryView;
const note = (body: string) => entry({ kind: "note", type: "note", body });

test.each([
  [[], ""],
  [[entry({ data: { role: "scribe" } })], "Ada took scribe"],
  [[note("Rolling back")], "Ada: Rolling back"],
  [[note("a"), note("b")], "2 new entries in the timeline: 2 notes"],
  [
    [note("a"), entry({ type: "alert.attached" }), entry({ type: "alert.resolved" }), entry({})],
    "4 new entries in the timeline: 1 note, 2 alerts and 1 change",
  ],
])("what is said about %#", (news, words) => {
  expect(announcementOf(news)).toBe(words);
});

test("a long note is begun, not read to the end", () => {
  expect(announcementOf([note("x".repeat(5_000))]).length).toBeLessThan(250);
});
