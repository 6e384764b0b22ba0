import { z } from "zod";

/** What the measures can be split by. */
export const measureGroupings = ["severity", "service", "month"] as const;
export type MeasureGrouping = (typeof measureGroupings)[number];
/** Incidents of one answer, the newest; a year of a busy organisation has fewer. */
export const MEASURED_INCIDENTS_MAX = 5_000;
/** Without `from`: what a quarter's review looks at. */
export const MEASURES_DAYS_DEFAULT = 90;

/** A calendar day (UTC) or an instant. */
const dayOrInstant = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

export const measuresQuery = z.object({
  from: dayOrInstant.optional(),
  /** Exclusive as an instant; as a day, that day is in. */
  to: dayOrInstant.optional(),
  by: z.enum(measureGroupings).default("severity"),
});
export type MeasuresQuery = z.infer<typeof measuresQuery>;

const distribution = z.object({
  /** Incidents whose duration is known. */
  n: z.number(),
  medianMs: z.number().nullable(),
  p90Ms: z.number().nullable(),
});
export type Distribution = z.infer<typeof distribution>;

const measured = z.object({ count: z.number(), tta: distribution, ttm: distribution, ttr: distribution });
export type Measured = z.infer<typeof measured>;

export const measuresView = z.object({
  from: z.string(),
  to: z.string(),
  by: z.enum(measureGroupings),
  /** Which two instants each measure lies between. */
  definitions: z.object({ tta: z.string(), ttm: z.string(), ttr: z.string() }),
  total: measured,
  /** An incident of several services counts in each of them. */
  groups: z.array(measured.extend({ key: z.string() })),
  /** One dot an incident: a middle says little about a few of them. */
  points: z.array(
    z.object({
      reference: z.string(),
      title: z.string(),
      severity: z.string().nullable(),
      declaredAt: z.string(),
      ttaMs: z.number().nullable(),
      ttmMs: z.number().nullable(),
      ttrMs: z.number().nullable(),
    }),
  ),
  /** True when there were more incidents than one answer holds, and the oldest are left out. */
  isCut: z.boolean(),
});
export type MeasuresView = z.infer<typeof measuresView>;
