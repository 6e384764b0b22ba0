import type { TimelineEntryView } from "#/server/timeline/contract.ts";

export const filters = ["all", "notes", "alerts"] as const;
export type Filter = (typeof filters)[number];

/** Whether an entry is shown under a filter. Deleted notes keep their place among all. Pure. */
export function isShown(entry: TimelineEntryView, filter: Filter): boolean {
  if (filter === "notes") return entry.kind === "note" && entry.deletedAt === null;
  if (filter === "alerts") return entry.type.startsWith("alert.");
  return true;
}
