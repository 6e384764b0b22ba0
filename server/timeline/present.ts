import type { timelineEntries } from "#/db/schema/index.ts";
import type { TimelineEntryView } from "./contract.ts";
import { renderMarkdown } from "./render-markdown.ts";

export type EntryRow = typeof timelineEntries.$inferSelect;

/** An entry as it leaves the server. */
export function presentEntry(row: EntryRow): TimelineEntryView {
  return {
    id: row.id,
    seq: row.seq,
    kind: row.kind,
    type: row.type,
    at: row.at.toISOString(),
    recordedAt: row.recordedAt.toISOString(),
    actor: { id: row.actorId, name: row.actorName },
    data: row.data,
    body: row.body,
    ...(row.body !== null && { html: renderMarkdown(row.body, row.incidentId) }),
    editedAt: row.editedAt?.toISOString() ?? null,
    deletedAt: row.deletedAt?.toISOString() ?? null,
    mark: row.mark,
    markedAt: row.markedAt?.toISOString() ?? null,
    markedBy: row.markedByName === null ? null : { id: row.markedById, name: row.markedByName },
    pinned: row.pinnedAt !== null,
    pinnedAt: row.pinnedAt?.toISOString() ?? null,
    pinnedBy: row.pinnedByName === null ? null : { id: row.pinnedById, name: row.pinnedByName },
  };
}
