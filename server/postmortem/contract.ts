import { z } from "zod";
import { fileView } from "#/server/files/contract.ts";
import { noteMarks } from "#/server/timeline/shared/lists.ts";
import { ACTION_ITEM_TITLE_LENGTH_MAX, ACTION_ITEMS_PER_INCIDENT_MAX, postmortemStates } from "./shared/lists.ts";

export { ACTION_ITEM_TITLE_LENGTH_MAX, ACTION_ITEMS_PER_INCIDENT_MAX, postmortemStates };

export const changePostmortemInput = z.object({ state: z.enum(postmortemStates) });
export type ChangePostmortemInput = z.infer<typeof changePostmortemInput>;

const title = z.string().trim().min(1, "A title is needed.").max(ACTION_ITEM_TITLE_LENGTH_MAX);
const day = z.iso.date();

export const createActionItemInput = z.object({
  /** An incident's id or reference. */
  incidentId: z.string().trim().min(1).max(100),
  title,
  ownerId: z.string().nullish(),
  dueOn: day.nullish(),
});
export type CreateActionItemInput = z.infer<typeof createActionItemInput>;

export const changeActionItemInput = z
  .object({ title, ownerId: z.string().nullable(), dueOn: day.nullable(), done: z.boolean() })
  .partial();
export type ChangeActionItemInput = z.infer<typeof changeActionItemInput>;

export const listActionItemsQuery = z.object({
  /** An incident's id or reference. */
  incident: z.string().trim().max(100).optional(),
  done: z.enum(["true", "false"]).optional(),
});
export type ListActionItemsQuery = z.infer<typeof listActionItemsQuery>;

export const incidentRef = z.object({ id: z.string(), reference: z.string(), title: z.string() });

export const actionItemView = z.object({
  id: z.string(),
  incident: incidentRef,
  title: z.string(),
  owner: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** A calendar day, `2026-11-30`. */
  dueOn: z.string().nullable(),
  doneAt: z.string().nullable(),
  /** The task of the incident that was left and became this. */
  taskId: z.string().nullable(),
});
export type ActionItemView = z.infer<typeof actionItemView>;

export const durationView = z.object({
  key: z.enum(["ttd", "tta", "ttm", "ttr"]),
  name: z.string(),
  /** Null when it is not known. */
  ms: z.number().nullable(),
  from: z.string(),
  to: z.string(),
});

export const recordLineView = z.object({
  id: z.string(),
  at: z.string(),
  kind: z.enum(["event", "note"]),
  author: z.string(),
  text: z.string(),
  /** What a note stands for. */
  mark: z.enum(noteMarks).nullable(),
});
export type RecordLineView = z.infer<typeof recordLineView>;

export const postmortemView = z.object({
  incident: incidentRef.extend({
    status: z.string(),
    severity: z.string().nullable(),
    visibility: z.string(),
    declaredAt: z.string(),
    resolvedAt: z.string().nullable(),
    impactStartedAt: z.string().nullable(),
    firstAlertAt: z.string().nullable(),
    responders: z.array(z.string()),
  }),
  state: z.enum(postmortemStates),
  openedAt: z.string(),
  /** The day by which the meeting should have taken place: three days after a SEV1, five working days after others. */
  dueOn: z.string().nullable(),
  durations: z.array(durationView),
  markdown: z.string(),
  /** ProseMirror JSON of the schema version below. */
  content: z.record(z.string(), z.unknown()),
  schemaVersion: z.number(),
  /** The files of the incident, which the text may link to. */
  files: z.array(fileView),
  actionItems: z.array(actionItemView),
  /** Notes marked to be followed up that no action item follows yet. */
  followUps: z.array(z.object({ entryId: z.string(), title: z.string() })),
  /** The timeline as plain sentences and notes, oldest first. */
  record: z.array(recordLineView),
  /** Whether who asks may write. */
  canWrite: z.boolean(),
});
export type PostmortemView = z.infer<typeof postmortemView>;
