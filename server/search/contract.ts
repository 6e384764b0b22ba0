import { z } from "zod";

/** Longer than any title; a search is for words, not for pasted logs. */
export const SEARCH_QUERY_LENGTH_MAX = 200;
/** Every word is a condition of its own; more than these are ignored. */
export const SEARCH_WORDS_MAX = 8;
/** What a list of hits can be read through; the rest is found by another word. */
export const SEARCH_HITS_MAX = 100;
const SEARCH_HITS_DEFAULT = 20;

export const searchQuery = z.object({
  q: z.string().trim().min(1, "Say what to search for.").max(SEARCH_QUERY_LENGTH_MAX),
  limit: z.coerce
    .number()
    .int()
    .default(SEARCH_HITS_DEFAULT)
    .transform((limit) => Math.min(Math.max(limit, 1), SEARCH_HITS_MAX)),
});
export type SearchQuery = z.infer<typeof searchQuery>;

export const searchKinds = ["incident", "note", "alert", "message", "maintenance"] as const;

export const searchHitView = z.object({
  kind: z.enum(searchKinds),
  id: z.string(),
  /** Null for an alert that belongs to none, and for maintenance. */
  incident: z.object({ id: z.string(), reference: z.string(), title: z.string() }).nullable(),
  at: z.string(),
  title: z.string(),
  /** Where it matched. */
  field: z.enum(["reference", "title", "summary", "body"]),
  /** Plain text around the first match. */
  excerpt: z.string(),
  /** The matches in `excerpt`, in UTF-16 code units; `end` is the first one after. */
  matches: z.array(z.object({ start: z.number(), end: z.number() })),
});
export type SearchHitView = z.infer<typeof searchHitView>;
