import { z } from "zod";
import { alertSeverities, alertStatuses, intakeStates, sources } from "./shared/lists.ts";

export const createIntegrationInput = z.object({
  name: z.string().trim().min(1).max(100),
  source: z.enum(sources),
  /** Which service its alerts belong to when they name none: an id or a name. */
  service: z.string().trim().max(100).nullish(),
});
export const changeIntegrationInput = z
  .object({
    name: z.string().trim().min(1).max(100),
    enabled: z.boolean(),
    service: z.string().trim().max(100).nullable(),
  })
  .partial();

export const integrationView = z.object({
  id: z.string(),
  name: z.string(),
  source: z.string(),
  enabled: z.boolean(),
  service: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** Only administrators see the key and the URL that holds it. */
  key: z.string().optional(),
  url: z.string().optional(),
  createdAt: z.string(),
  lastReceivedAt: z.string().nullable(),
});
export type IntegrationView = z.infer<typeof integrationView>;

export const explanationView = z.object({ rule: z.string(), text: z.string(), at: z.string() });
export const alertView = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  status: z.enum(alertStatuses),
  severity: z.enum(alertSeverities),
  source: z.string(),
  service: z.string().nullable(),
  dedupKey: z.string(),
  count: z.number(),
  firstAt: z.string(),
  lastAt: z.string(),
  resolvedAt: z.string().nullable(),
  links: z.array(z.object({ kind: z.string(), title: z.string(), url: z.string() })),
  labels: z.record(z.string(), z.string()),
  recognised: z.boolean(),
  /** The incident it is attached to: id and reference, if the reader may see it. */
  incident: z.object({ id: z.string(), reference: z.string() }).nullable(),
  explanation: explanationView,
});
export type AlertView = z.infer<typeof alertView>;

export const listAlertsQuery = z.object({
  q: z.string().trim().max(200).optional(),
  status: z.string().max(100).optional(),
  service: z.string().max(100).optional(),
  source: z.string().max(100).optional(),
});
export const attachAlertInput = z.object({ alertId: z.string() });

export const intakeView = z.object({
  id: z.string(),
  integration: z.object({ id: z.string(), name: z.string() }),
  state: z.enum(intakeStates),
  receivedAt: z.string(),
  accepted: z.number(),
  recognised: z.boolean(),
  alerts: z.array(z.object({ id: z.string(), rule: z.string(), incident: z.string().nullable() })),
  error: z.string().nullable(),
  /** The start of what was sent, for people to look at. */
  preview: z.string().optional(),
});
export type IntakeView = z.infer<typeof intakeView>;
