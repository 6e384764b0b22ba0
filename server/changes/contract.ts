import { z } from "zod";
import {
  CHANGE_KEY_LENGTH_MAX,
  CHANGE_LABELS_MAX,
  CHANGE_LINKS_MAX,
  CHANGE_NAME_LENGTH_MAX,
  CHANGE_TEXT_LENGTH_MAX,
  CHANGE_TITLE_LENGTH_MAX,
  CHANGE_WORD_LENGTH_MAX,
} from "./shared/lists.ts";

const webUrl = z.url({ protocol: /^https?$/, error: "This must be an http or https address." }).max(2_000);
const instant = z.iso.datetime({ offset: true, error: "This must be a time as 2026-11-21T10:04:00Z." });
const word = z.string().trim().min(1).max(CHANGE_WORD_LENGTH_MAX);

export const createChangeInput = z.object({
  title: z.string().trim().min(1, "A title is needed.").max(CHANGE_TITLE_LENGTH_MAX),
  /** The name or an alias of the service that was changed. */
  service: z.string().trim().min(1).max(CHANGE_NAME_LENGTH_MAX).optional(),
  /** `deploy`, `release`, `build`, `config`, `flag` or a word of one's own. */
  kind: word.default("deploy"),
  /** `started`, `succeeded`, `failed` or a word of one's own. */
  state: word.optional(),
  /** Now unless said. */
  at: instant.optional(),
  url: webUrl.optional(),
  by: z.string().trim().min(1).max(CHANGE_NAME_LENGTH_MAX).optional(),
  description: z.string().max(CHANGE_TEXT_LENGTH_MAX).optional(),
  /** The same key again is the same change in its next state. */
  dedupKey: z.string().trim().min(1).max(CHANGE_KEY_LENGTH_MAX).optional(),
  labels: z
    .record(z.string().max(100), z.string().max(500))
    .refine((labels) => Object.keys(labels).length <= CHANGE_LABELS_MAX, `At most ${CHANGE_LABELS_MAX} labels.`)
    .optional(),
  links: z
    .array(z.object({ kind: word.default("link"), title: z.string().trim().max(150).default(""), url: webUrl }))
    .max(CHANGE_LINKS_MAX)
    .optional(),
});
export type CreateChangeInput = z.infer<typeof createChangeInput>;

export const listChangesQuery = z.object({
  /** A service's id, name or alias. */
  service: z.string().max(100).optional(),
  from: instant.optional(),
  to: instant.optional(),
});

export const changeView = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  kind: z.string(),
  /** Empty when the sender did not say. */
  state: z.string(),
  /** The service's name, else what the sender calls it. */
  service: z.string().nullable(),
  by: z.string().nullable(),
  source: z.string(),
  links: z.array(z.object({ kind: z.string(), title: z.string(), url: z.string() })),
  labels: z.record(z.string(), z.string()),
  startedAt: z.string(),
  at: z.string(),
});
export type ChangeView = z.infer<typeof changeView>;

export const incidentChangeView = changeView.extend({
  /** How its service stands to those that the incident names. */
  relation: z.enum(["named", "depends_on", "depended_on_by"]),
  /** Why it is listed, in words. */
  reason: z.string(),
  /** The one to look at first. */
  isLikely: z.boolean(),
  /** Somebody attached it to the timeline. */
  isSuspect: z.boolean(),
});
export type IncidentChangeView = z.infer<typeof incidentChangeView>;

/** What changed around the start of an incident's impact, the likeliest first. */
export const incidentChangesView = z.object({
  items: z.array(incidentChangeView),
  nextCursor: z.null(),
  from: z.string(),
  to: z.string(),
});
export type IncidentChangesView = z.infer<typeof incidentChangesView>;
