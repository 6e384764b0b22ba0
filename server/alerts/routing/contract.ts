import { z } from "zod";
import { tellListInput } from "#/server/notify/contract.ts";
import {
  alertSeverities,
  autoResolvePolicies,
  DEBOUNCE_MINUTES_DEFAULT,
  DEBOUNCE_MINUTES_MAX,
  DRY_RUN_DAYS_MAX,
  decisionKinds,
  GROUP_FIELDS_MAX,
  GROUP_WINDOW_MINUTES_MAX,
  groupWindowKinds,
  ROUTE_NAME_LENGTH_MAX,
  ROUTES_MAX,
  routeOpenings,
  STALE_MINUTES_MAX,
  STALE_MINUTES_MIN,
  TEAM_LENGTH_MAX,
  THRESHOLD_COUNT_MAX,
  THRESHOLD_MINUTES_MAX,
} from "../shared/lists.ts";
import { isGroupField } from "./match-route.ts";
import { conditionFault } from "./route-condition.ts";

/** A condition in CEL, refused with its fault in words. */
export const conditionInput = z
  .string()
  .trim()
  .min(1, "A condition is needed; `true` takes every alert.")
  .superRefine((source, ctx) => {
    const fault = source && conditionFault(source);
    if (fault) ctx.addIssue({ code: "custom", message: fault });
  });

const minutes = (max: number) => z.number().int().min(1).max(max);
const groupField = z
  .string()
  .max(120)
  .refine(
    isGroupField,
    "Group by service, integration, source, name, title, severity, team, or a label as labels.cluster.",
  );

const fields = {
  name: z.string().trim().min(1, "A name is needed.").max(ROUTE_NAME_LENGTH_MAX),
  enabled: z.boolean(),
  /** CEL over the alert: `severity == "critical" && labels.env == "prod"`. */
  condition: conditionInput,
  /** The service its alerts get, by id or name. */
  service: z.string().trim().min(1).max(100).nullable(),
  severity: z.enum(alertSeverities).nullable(),
  team: z.string().trim().min(1).max(TEAM_LENGTH_MAX).nullable(),
  /** Recorded and shown; opens and tells nothing. */
  suppress: z.boolean(),
  /** None: one incident for each service, or for each alert name without one. */
  groupBy: z.array(groupField).max(GROUP_FIELDS_MAX),
  /** Null: as long as the group's incident is open. */
  groupWindow: z.object({ minutes: minutes(GROUP_WINDOW_MINUTES_MAX), kind: z.enum(groupWindowKinds) }).nullable(),
  /** Opens only from so many reports of a group within the time. */
  threshold: z
    .object({ count: z.number().int().min(2).max(THRESHOLD_COUNT_MAX), minutes: minutes(THRESHOLD_MINUTES_MAX) })
    .nullable(),
  debounceMinutes: z.number().int().min(0).max(DEBOUNCE_MINUTES_MAX),
  /** Whether its alerts may join incidents of related services. */
  correlate: z.boolean(),
  opens: z.enum(routeOpenings),
  autoResolve: z.enum(autoResolvePolicies),
  /** Null: 24 hours for sources that never say when it is over, else 7 days. */
  staleAfterMinutes: z.number().int().min(STALE_MINUTES_MIN).max(STALE_MINUTES_MAX).nullable(),
  /** Who hears of what it opens, beside the organisation's and the service's lists; it replaces the whole list. */
  tell: tellListInput,
};

export const createRouteInput = z.object({
  ...fields,
  enabled: fields.enabled.default(true),
  service: fields.service.default(null),
  severity: fields.severity.default(null),
  team: fields.team.default(null),
  suppress: fields.suppress.default(false),
  groupBy: fields.groupBy.default([]),
  groupWindow: fields.groupWindow.default(null),
  threshold: fields.threshold.default(null),
  debounceMinutes: fields.debounceMinutes.default(DEBOUNCE_MINUTES_DEFAULT),
  /** Without it: true unless it has groups of its own. */
  correlate: fields.correlate.optional(),
  opens: fields.opens.default("triage"),
  autoResolve: fields.autoResolve.default("never"),
  staleAfterMinutes: fields.staleAfterMinutes.default(null),
  tell: fields.tell.default([]),
});
export type CreateRouteInput = z.infer<typeof createRouteInput>;

/** `version` is the one that was read: a route that changed meanwhile is a conflict. */
export const changeRouteInput = z.object({ ...fields, version: z.number().int() }).partial();
export type ChangeRouteInput = z.infer<typeof changeRouteInput>;

/** All routes but the default one, in their new order. */
export const reorderRoutesInput = z.object({ ids: z.array(z.string().max(100)).max(ROUTES_MAX) });

/** What would have been: with other routes altogether, or with one added (before the default one) or changed (where it stands). */
export const dryRunInput = z
  .object({
    routes: z.array(createRouteInput).max(ROUTES_MAX),
    route: changeRouteInput.extend({ id: z.string().max(100).optional() }),
    days: z.number().int().min(1).max(DRY_RUN_DAYS_MAX),
  })
  .partial()
  .refine((input) => (input.routes === undefined) !== (input.route === undefined), "Give either `routes` or `route`.");
export type DryRunInput = z.infer<typeof dryRunInput>;

const serviceView = z.object({ id: z.string(), name: z.string() });
export const alertRouteView = z.object({
  ...fields,
  condition: z.string(),
  groupBy: z.array(z.string()),
  /** Of keys only the end. */
  tell: z.array(z.string()),
  id: z.string(),
  isDefault: z.boolean(),
  service: serviceView.nullable(),
  version: z.number(),
});
export type AlertRouteView = z.infer<typeof alertRouteView>;

const outcomeView = z.object({
  kind: z.enum(decisionKinds),
  rule: z.string(),
  text: z.string(),
  route: z.string(),
  /** Which incident of the run, `#3`; null when in none. */
  incident: z.string().nullable(),
  /** The title of the alert that opened this incident. */
  openedBy: z.string().nullable(),
});
const countsView = z.object({
  incidents: z.number(),
  attached: z.number(),
  held: z.number(),
  waiting: z.number(),
  recorded: z.number(),
  suppressed: z.number(),
});
export type DryRunCounts = z.infer<typeof countsView>;
export const dryRunView = z.object({
  from: z.string(),
  to: z.string(),
  /** Alerts that were looked at, and whether there were more than can be. */
  alerts: z.number(),
  isTruncated: z.boolean(),
  /** Incidents that were opened for these alerts in fact. */
  reallyOpened: z.number(),
  /** By the routes as they are, and by the changed ones; both are computed, so that only the change makes a difference. */
  was: countsView,
  wouldBe: countsView,
  changed: z.number(),
  /** The alerts that end elsewhere, oldest first; at most 500. */
  changes: z.array(
    z.object({
      alert: z.object({
        id: z.string(),
        title: z.string(),
        service: z.string().nullable(),
        severity: z.string(),
        firstAt: z.string(),
        incident: z.string().nullable(),
      }),
      was: outcomeView,
      wouldBe: outcomeView,
    }),
  ),
});
export type DryRunView = z.infer<typeof dryRunView>;
export type DryRunOutcome = z.infer<typeof outcomeView>;
