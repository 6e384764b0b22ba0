import type { EntryKind, NoteMark } from "./lists.ts";

/** The kinds of entry that a timeline can be narrowed to, in the order in which they are offered. */
export const timelineFilters = [
  "all",
  "notes",
  "decisions",
  "follow_ups",
  "alerts",
  "changes",
  "updates",
  "pinned",
] as const;
export type TimelineFilter = (typeof timelineFilters)[number];
export type TimelineCounts = Record<TimelineFilter, number>;

/** Which events an `alerts`, `changes` or `updates` filter holds, by the start of their type. */
export const typesOfFilter = {
  alerts: ["alert."],
  changes: ["incident.", "role.", "task.", "change.", "service.", "slack."],
  updates: ["update.", "people."],
} as const satisfies Partial<Record<TimelineFilter, readonly string[]>>;

type Filtered = {
  kind: EntryKind;
  type: string;
  mark: NoteMark | null;
  pinned: boolean;
  deletedAt: string | null;
};

/** Whether an entry belongs under a filter. Deleted notes keep their place among all. Pure. */
export function isUnder(entry: Filtered, filter: TimelineFilter): boolean {
  switch (filter) {
    case "all":
      return true;
    case "notes":
      return entry.kind === "note" && entry.deletedAt === null;
    case "decisions":
      return entry.mark === "decision";
    case "follow_ups":
      return entry.mark === "follow_up";
    case "pinned":
      return entry.pinned;
    default:
      return entry.kind === "event" && typesOfFilter[filter].some((start) => entry.type.startsWith(start));
  }
}

/** Markdown's signs inside a line: somebody who looks for `release 42` finds `release **42**`. */
export const IGNORED_SIGNS = "*_`~";

/** The words that an entry has to hold, all of them, in lower case and without Markdown's signs. Pure. */
export function wordsToFind(text: string): string[] {
  return withoutSigns(text).toLowerCase().split(/\s+/).filter(Boolean);
}

/** A text as it is looked through. Pure. */
export function withoutSigns(text: string): string {
  return text.replace(/[*_`~]/g, "");
}
