import { z } from "zod";
import {
  incidentModes,
  incidentStatuses,
  LINKS_MAX,
  PROSE_LENGTH_MAX,
  REASON_LENGTH_MAX,
  SERVICES_PER_INCIDENT_MAX,
  severities,
  TITLE_LENGTH_MAX,
  visibilities,
} from "./shared/lists.ts";

/** An incident's id or its reference, `INC-42`. */
export const incidentKey = z.string().trim().min(1).max(100);

const title = z.string().trim().min(1, "A title is needed.").max(TITLE_LENGTH_MAX);
const prose = z.string().max(PROSE_LENGTH_MAX);
const severity = z.enum(severities);
const instant = z.iso.datetime({ offset: true });
/** Names or ids of services; a name that is not known makes the service. */
const serviceKeys = z.array(z.string().trim().min(1).max(100)).max(SERVICES_PER_INCIDENT_MAX);

export const linkInput = z.object({
  kind: z.string().trim().min(1).max(40).default("link"),
  title: z.string().trim().max(150).default(""),
  url: z.url({ protocol: /^https?$/ }).max(2_000),
});

export const createIncidentInput = z.object({
  title,
  severity: severity.nullish(),
  status: z.enum(["triage", "investigating", "identified", "monitoring", "resolved"]).optional(),
  type: z.string().trim().min(1).max(40).optional(),
  mode: z.enum(incidentModes).optional(),
  summary: prose.optional(),
  visibility: z.enum(visibilities).optional(),
  services: serviceKeys.optional(),
});
export type CreateIncidentInput = z.infer<typeof createIncidentInput>;

const times = z
  .object({
    impactStartedAt: instant.nullable(),
    detectedAt: instant.nullable(),
    acknowledgedAt: instant.nullable(),
    mitigatedAt: instant.nullable(),
    impactEndedAt: instant.nullable(),
  })
  .partial();

export const changeIncidentInput = z
  .object({
    title,
    severity: severity.nullable(),
    status: z.enum(["investigating", "identified", "monitoring"]),
    type: z.string().trim().min(1).max(40),
    summary: prose,
    impactText: prose,
    hypothesis: prose,
    services: serviceKeys,
    links: z.array(linkInput).max(LINKS_MAX),
    times,
    nextUpdateDueAt: instant.nullable(),
    customFields: z.record(z.string().max(100), z.unknown()),
    visibility: z.enum(visibilities),
  })
  .partial();
export type ChangeIncidentInput = z.infer<typeof changeIncidentInput>;

export const acceptIncidentInput = z.object({
  /** Left out: the suggestion is taken. */
  severity: severity.optional(),
  title: title.optional(),
});
export const declineIncidentInput = z.object({ reason: z.string().trim().max(REASON_LENGTH_MAX).default("") });
export const mergeIncidentInput = z.object({ into: incidentKey });
export const splitIncidentInput = z.object({
  alertIds: z.array(z.string()).min(1).max(200),
  title: title.optional(),
});
export const resolveIncidentInput = z.object({
  summary: z.string().trim().max(PROSE_LENGTH_MAX).default(""),
  /** Tells the sources of its alerts that they are over, where their API can be told. */
  atSource: z.boolean().optional(),
});

export const listIncidentsQuery = z.object({
  status: z.string().max(200).optional(),
  severity: z.string().max(100).optional(),
  q: z.string().trim().max(200).optional(),
  service: z.string().max(100).optional(),
});

const instantView = z.string();
const personView = z.object({ id: z.string(), name: z.string() });
export type PersonView = z.infer<typeof personView>;

export const roleView = z.object({
  role: z.string(),
  holder: personView.nullable(),
  since: instantView.nullable(),
  offeredTo: personView.nullable(),
  offeredAt: instantView.nullable(),
  /** The organisation wants it filled at this severity. */
  isRequired: z.boolean(),
  /** Since when its holder is not in the room; null while they are. */
  awaySince: instantView.nullable(),
});
export type RoleView = z.infer<typeof roleView>;

export const serviceRef = z.object({ id: z.string(), name: z.string() });
export const linkView = z.object({ kind: z.string(), title: z.string(), url: z.string() });

export const incidentView = z.object({
  id: z.string(),
  reference: z.string(),
  title: z.string(),
  status: z.enum(incidentStatuses),
  severity: severity.nullable(),
  suggestedSeverity: severity.nullable(),
  type: z.string(),
  mode: z.enum(incidentModes),
  visibility: z.enum(visibilities),
  summary: z.string(),
  impactText: z.string(),
  hypothesis: z.string(),
  resolution: z.string(),
  links: z.array(linkView),
  services: z.array(serviceRef),
  roles: z.array(roleView),
  times: z.object({
    impactStartedAt: instantView.nullable(),
    detectedAt: instantView.nullable(),
    acknowledgedAt: instantView.nullable(),
    mitigatedAt: instantView.nullable(),
    impactEndedAt: instantView.nullable(),
  }),
  customFields: z.record(z.string(), z.unknown()),
  version: z.number(),
  lastSeq: z.number(),
  declaredAt: instantView,
  acceptedAt: instantView.nullable(),
  resolvedAt: instantView.nullable(),
  closedAt: instantView.nullable(),
  nextUpdateDueAt: instantView.nullable(),
  updatedAt: instantView,
  declineReason: z.string().nullable(),
  mergedInto: z.string().nullable(),
  /** Set when the incident was asked for by the reference of one that was merged into it. */
  mergedFrom: z.string().optional(),
  /** False when nobody is configured to hear of it: the room says so. */
  alertCounts: z.object({ firing: z.number(), total: z.number() }),
});
/** A service that an incident names, with what it needs and how that is. */
export const affectedServiceView = z.object({
  id: z.string(),
  name: z.string(),
  tier: z.number().nullable(),
  team: z.string(),
  owner: personView.nullable(),
  /** The services it depends on that have firing alerts or open incidents; those that may be seen. */
  troubledBy: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      tier: z.number().nullable(),
      firing: z.number(),
      incidents: z.array(z.object({ reference: z.string(), title: z.string() })),
    }),
  ),
});
export type AffectedServiceView = z.infer<typeof affectedServiceView>;
export type IncidentView = z.infer<typeof incidentView>;
