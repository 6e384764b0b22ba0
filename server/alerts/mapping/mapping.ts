import { z } from "zod";
import { AppError } from "#/server/platform/errors.ts";
import { CONDITION_LENGTH_MAX, conditionOf, patternOf } from "./condition.ts";
import { pathOf } from "./path.ts";
import { templateOf } from "./template.ts";

const ALTERNATIVES_MAX = 12;
const VALUES_MAX = 60;
const ENTRIES_MAX = 30;
const SHAPES_MAX = 20;

/** Checks by the reader itself, so that what is stored can always be read. */
function readable(read: (text: string) => unknown) {
  return (text: string, context: z.RefinementCtx) => {
    try {
      read(text);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      context.addIssue({ code: "custom", message: error.message });
    }
  };
}

const path = z.string().min(1).max(300).superRefine(readable(pathOf));
const template = z.string().min(1).max(1_000).superRefine(readable(templateOf));
const condition = z.string().min(1).max(CONDITION_LENGTH_MAX).superRefine(readable(conditionOf));
const pattern = z.string().min(1).max(300).superRefine(readable(patternOf));

/** A value table, its words in any case: `{ "5": critical, alert_open: firing }`. One that becomes "" says nothing. */
const values = z
  .record(z.string().max(200), z.string().max(200))
  .refine((table) => Object.keys(table).length <= VALUES_MAX);

/**
 * How one text of an alert is found. A template; or the first pattern group in it; or a CEL expression; each may be
 * looked up in a value table. A list takes the first that gives something.
 */
const oneField = z.union([
  template,
  z.strictObject({
    from: template,
    /** The text is written for Slack: links and emphasis in it become plain words. */
    markup: z.literal("slack").optional(),
    /** The first group of this pattern, or the whole match. */
    find: pattern.optional(),
    values: values.optional(),
    /** What a word that is not in the table becomes; without it the word stays. */
    otherwise: z.string().max(200).optional(),
  }),
  z.strictObject({ cel: condition, values: values.optional(), otherwise: z.string().max(200).optional() }),
  /** A short name of all that lies at a path, the same in whatever order its fields stand: a key for what has none. */
  z.strictObject({ hash: path }),
]);
export const fieldSchema = z.union([oneField, z.array(oneField).min(1).max(ALTERNATIVES_MAX)]);
export type Field = z.infer<typeof fieldSchema>;

const linkSchema = z.strictObject({
  kind: z.string().max(30).default("source"),
  title: z.string().max(100),
  url: fieldSchema,
});

/** Where labels are: a path to an object, to a list of `{key, value}` or of `key:value`, to text with `- key = value` lines; or single ones by name. */
const labelsSchema = z.array(z.union([path, z.record(z.string().max(100), fieldSchema)])).max(ENTRIES_MAX);

/** Everything that makes an alert of one entry of a delivery. What is left out is guessed from what the sender calls it. */
export const alertMappingSchema = z.strictObject({
  title: fieldSchema.optional(),
  description: fieldSchema.optional(),
  status: fieldSchema.optional(),
  severity: fieldSchema.optional(),
  dedupKey: fieldSchema.optional(),
  service: fieldSchema.optional(),
  links: z.array(linkSchema).max(10).optional(),
  labels: labelsSchema.optional(),
  /** When the problem began, and ended; and when the sender says this. */
  startsAt: fieldSchema.optional(),
  endsAt: fieldSchema.optional(),
  at: fieldSchema.optional(),
});
export type AlertMapping = z.infer<typeof alertMappingSchema>;

/** One of the shapes that a source sends to one URL. */
export const shapeSchema = alertMappingSchema.extend({
  name: z.string().max(60).optional(),
  /** Whether a body has this shape. Without it every body has. */
  when: condition.optional(),
  /** Where its entries are, or its one entry; without it the body is one, and a list of bodies is read one by one. */
  split: path.optional(),
  /**
   * Most shapes are alerts. A `change` is something deployed or altered. A `deploy` is a change by its `status`
   * (`started`, `succeeded`, `failed`); when it failed it is an alert too, which the next that succeeds ends.
   */
  kind: z.enum(["alert", "change", "deploy", "test", "ignored"]).default("alert"),
  /** Entries that only try the connection, and entries that say nothing of a problem. */
  test: condition.optional(),
  ignore: condition.optional(),
  /** For changes: what kind, who did it, and what names this one; without it the `dedupKey`. */
  change: fieldSchema.optional(),
  changeKey: fieldSchema.optional(),
  by: fieldSchema.optional(),
});
export type Shape = z.infer<typeof shapeSchema>;

/** What a custom source is told in the interface, and what a file in `sources/` holds under `shapes`. */
export const mappingSchema = z.strictObject({ shapes: z.array(shapeSchema).min(1).max(SHAPES_MAX) });
export type Mapping = z.infer<typeof mappingSchema>;
