import { z } from "zod";

/** What a room lists of a runbook; its text is read when it is opened. */
export const runbookView = z.object({
  /** Names it within its incident. */
  id: z.string(),
  title: z.string(),
  /** Whose it is: a service's, an alert's (by its `runbook_url`), or a link of the incident. */
  from: z.object({ kind: z.enum(["service", "alert", "incident"]), name: z.string() }),
  /** Where it is kept elsewhere; opened by people, never read by the server. */
  url: z.string().nullable(),
  /** Whether it has a text of its own, to be read in the room. */
  hasText: z.boolean(),
  /** The steps of its checklist, and how many of them are tasks of this incident. */
  steps: z.number(),
  stepsMade: z.number(),
});
export type RunbookView = z.infer<typeof runbookView>;

export const runbookTextView = runbookView.extend({
  markdown: z.string(),
  /** The text, safe to show. */
  html: z.string(),
  /** True when the checklist has more steps than become tasks. */
  isCut: z.boolean(),
});
export type RunbookTextView = z.infer<typeof runbookTextView>;

export const undoRunbookTasksInput = z.object({
  /** The tasks that a press made; those that somebody has touched since stay. */
  taskIds: z.array(z.guid()).min(1).max(200),
});
export type UndoRunbookTasksInput = z.infer<typeof undoRunbookTasksInput>;
