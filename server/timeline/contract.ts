import { z } from "zod";
import { timelineFilters } from "./shared/filters.ts";
import { entryKinds, FIND_LENGTH_MAX, NOTE_BYTES_MAX, noteMarks } from "./shared/lists.ts";

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
  mark: z.enum(noteMarks).nullish(),
});
export type AddNoteInput = z.infer<typeof addNoteInput>;

export const changeEntryInput = z
  .object({
    /** Null takes the mark away. Notes only. */
    mark: z.enum(noteMarks).nullable(),
    pinned: z.boolean(),
    /** When it happened. Notes only: the time of an event is what the system saw. */
    at: instant,
  })
  .partial()
  .refine((change) => Object.keys(change).length > 0, "Say what to change: mark, pinned or at.");
export type ChangeEntryInput = z.infer<typeof changeEntryInput>;

export const timelineRangeQuery = z.object({
  /** Catch-up: entries after this sequence number, at most 500. */
  afterSeq: z.coerce.number().int().min(0).optional(),
  /** The way back: the newest entries before this sequence number. Each page is in ascending order. */
  beforeSeq: z.coerce.number().int().min(0).optional(),
  kind: z.enum(timelineFilters).optional(),
  /** Words that a note, or what an event says about itself, holds all of. */
  q: z.string().trim().max(FIND_LENGTH_MAX).optional(),
});
export type ListTimelineQuery = z.infer<typeof timelineRangeQuery> & { cursor?: string | undefined; limit: number };

const person = z.object({ id: z.string().nullable(), name: z.string() });

export const timelineEntryView = z.object({
  id: z.string(),
  seq: z.number().int(),
  kind: z.enum(entryKinds),
  /** `incident.resolved` and the like; `note` for notes. */
  type: z.string(),
  /** When it happened. */
  at: z.string(),
  recordedAt: z.string(),
  actor: person,
  data: z.record(z.string(), z.unknown()),
  /** Markdown; null for events. */
  body: z.string().nullable(),
  /** The body as safe HTML; notes only. */
  html: z.string().optional(),
  editedAt: z.string().nullable(),
  /** A deleted note keeps its place, without its text. */
  deletedAt: z.string().nullable(),
  /** What a note stands for. */
  mark: z.enum(noteMarks).nullable(),
  markedAt: z.string().nullable(),
  markedBy: person.nullable(),
  pinned: z.boolean(),
  pinnedAt: z.string().nullable(),
  pinnedBy: person.nullable(),
});
export type TimelineEntryView = z.infer<typeof timelineEntryView>;

/** What a note was, as of a row of the document's log. */
export const noteVersionView = z.object({
  /** Names the version: the number of the last row of the log that belongs to it. */
  seq: z.number().int(),
  at: z.string(),
  author: person,
  wordsAdded: z.number().int(),
  wordsRemoved: z.number().int(),
  /** The earlier version that has the same text, when it was brought back. */
  sameAs: z.number().int().nullable(),
});
export type NoteVersionView = z.infer<typeof noteVersionView>;

export const noteVersionText = z.object({ seq: z.number().int(), at: z.string(), author: person, body: z.string() });
export type NoteVersionText = z.infer<typeof noteVersionText>;
