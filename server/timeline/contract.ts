import { z } from "zod";
import { entryKinds, NOTE_BYTES_MAX } from "./shared/lists.ts";

const utf8 = new TextEncoder();
const instant = z.iso.datetime({ offset: true });

export const addNoteInput = z.object({
  /** Markdown. */
  body: z
    .string()
    .trim()
    .min(1, "A note needs some text.")
    .max(NOTE_BYTES_MAX)
    .refine((body) => utf8.encode(body).length <= NOTE_BYTES_MAX, "A note holds at most 64 KiB."),
  /** When it happened, if that was earlier. */
  at: instant.optional(),
});
export type AddNoteInput = z.infer<typeof addNoteInput>;

export const listTimelineQuery = z.object({
  cursor: z.string().optional(),
  limit: z.coerce.number().int().min(1).default(50),
  /** Catch-up: entries after this sequence number, at most 500. */
  afterSeq: z.coerce.number().int().min(0).optional(),
});
export type ListTimelineQuery = z.infer<typeof listTimelineQuery>;

export const timelineEntryView = z.object({
  id: z.string(),
  seq: z.number().int(),
  kind: z.enum(entryKinds),
  /** `incident.resolved` and the like; `note` for notes. */
  type: z.string(),
  /** When it happened. */
  at: z.string(),
  recordedAt: z.string(),
  actor: z.object({ id: z.string().nullable(), name: z.string() }),
  data: z.record(z.string(), z.unknown()),
  /** Markdown; null for events. */
  body: z.string().nullable(),
  /** The body as safe HTML; notes only. */
  html: z.string().optional(),
  editedAt: z.string().nullable(),
  /** A deleted note keeps its place, without its text. */
  deletedAt: z.string().nullable(),
});
export type TimelineEntryView = z.infer<typeof timelineEntryView>;
