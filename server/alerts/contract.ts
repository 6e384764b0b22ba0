import { z } from "zod";
import { deliveryStates } from "#/server/updates/shared/lists.ts";
import { mappingSchema } from "./mapping/mapping.ts";
import {
  type AlertFacetName,
  alertSeverities,
  alertStatuses,
  FACET_CHOSEN_MAX,
  HEARTBEAT_NAME_LENGTH_MAX,
  HEARTBEAT_SECONDS_MAX,
  HEARTBEAT_SECONDS_MIN,
  HEARTBEAT_TEXT_LENGTH_MAX,
  intakeStates,
  NOISE_DAYS_DEFAULT,
  NOISE_DAYS_MAX,
} from "./shared/lists.ts";

export const createIntegrationInput = z.object({
  name: z.string().trim().min(1).max(100),
  /** A name of `GET /sources`, or `custom`. */
  source: z.string().max(60),
  /** Which service its alerts belong to when they name none: an id or a name. */
  service: z.string().trim().max(100).nullish(),
});
export const changeIntegrationInput = z
  .object({
    name: z.string().trim().min(1).max(100),
    enabled: z.boolean(),
    service: z.string().trim().max(100).nullable(),
    /** How a custom source is read. */
    mapping: mappingSchema.nullable(),
    /** What its deliveries are signed with; null takes none. */
    secret: z.string().trim().min(1).max(500).nullable(),
    /** Where each delivery is passed on to, unchanged. */
    forwardUrl: z
      .url({ protocol: /^https?$/ })
      .max(1_000)
      .nullable(),
    /** A token for the sender's own API. */
    sourceToken: z.string().trim().min(1).max(500).nullable(),
  })
  .partial();

export const integrationView = z.object({
  id: z.string(),
  name: z.string(),
  source: z.string(),
  enabled: z.boolean(),
  service: z.object({ id: z.string(), name: z.string() }).nullable(),
  mapping: z.unknown().nullable(),
  isSigned: z.boolean(),
  hasSourceToken: z.boolean(),
  /** Only administrators see where its deliveries are passed on to: the address may hold a key. */
  forwardUrl: z.string().nullable().optional(),
  /** Only administrators see the key and the URL that holds it. */
  key: z.string().optional(),
  url: z.string().optional(),
  createdAt: z.string(),
  lastReceivedAt: z.string().nullable(),
});
export type IntegrationView = z.infer<typeof integrationView>;

export const sourceView = z.object({
  source: z.string(),
  name: z.string(),
  family: z.string(),
  homepage: z.string().nullable(),
  /** Steps in Markdown, with `{url}` and `{key}` to be filled in. */
  setup: z.string().nullable(),
  snippet: z.object({ title: z.string(), language: z.string(), text: z.string() }).nullable(),
  /** Whether its deliveries can be signed. */
  signed: z.boolean(),
});
export type SourceView = z.infer<typeof sourceView>;

export const explanationView = z.object({
  /** The rule that decided, in a word; and in words for people. */
  rule: z.string(),
  text: z.string(),
  at: z.string(),
  /** The alert route that it took. */
  route: z.object({ id: z.string(), name: z.string() }).optional(),
  /** What alerts of its group have in common. */
  group: z.string().optional(),
  /** How long the group takes alerts. */
  window: z.string().optional(),
  /** What keeps it quiet. */
  mute: z.object({ id: z.string(), kind: z.enum(["mute", "silence"]) }).optional(),
  /** What was decided on the way, in order. */
  steps: z.array(z.object({ rule: z.string(), text: z.string() })).optional(),
});
export const alertView = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  status: z.enum(alertStatuses),
  severity: z.enum(alertSeverities),
  source: z.string(),
  /** The source as people call it. */
  sourceName: z.string(),
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
  integration: z.object({ id: z.string(), name: z.string() }),
  /** The alert route that it took; null when that is gone since. */
  route: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** The team that a route named. */
  team: z.string().nullable(),
  /** How it was reported, as far as its route changed it; the service's name, null when it named none. */
  asReported: z
    .object({ severity: z.enum(alertSeverities), service: z.string().nullable() })
    .partial()
    .nullable(),
  /** It fires and ends again and again: what comes is folded into it, and it ends when it is calm. */
  flapping: z.boolean(),
  /** How often it fired again while it was folded. */
  flaps: z.number(),
  acknowledgedAt: z.string().nullable(),
  /** The incident after whose end it fired: somebody chooses where it goes. */
  heldFor: z.object({ id: z.string(), reference: z.string() }).nullable(),
  /** How it ended; null while it goes on. */
  ending: z.object({ rule: z.string(), text: z.string(), at: z.string() }).nullable(),
  /** What the sender's own API says of it, where the integration has a token for it. */
  details: z
    .object({
      state: z.enum(["fetched", "failed"]),
      text: z.string(),
      links: z.array(z.object({ kind: z.string(), title: z.string(), url: z.string() })),
      at: z.string(),
    })
    .nullable(),
});
export type AlertView = z.infer<typeof alertView>;

const facetValue = z.string().max(200);
/** One value, or several by repeating the parameter; any of them fits. */
const chosenValues = z.union([facetValue, z.array(facetValue).max(FACET_CHOSEN_MAX)]).optional();
const chosen = {
  status: chosenValues,
  severity: chosenValues,
  service: chosenValues,
  source: chosenValues,
  /** Its id. */
  integration: chosenValues,
  /** The id of an alert route. */
  route: chosenValues,
  team: chosenValues,
} satisfies Record<AlertFacetName, typeof chosenValues>;
export const listAlertsQuery = z.object({
  /** Words of the title, the service, the dedup key, or a label (`value` or `name=value`). */
  q: z.string().trim().max(200).optional(),
  ...chosen,
});
export type ListAlertsQuery = z.infer<typeof listAlertsQuery>;

const facetView = z.array(z.object({ value: z.string(), label: z.string(), count: z.number() }));
export const alertFacetsView = z.object({
  /** Alerts that fit all filters. */
  total: z.number(),
  /** There are more than were counted. */
  isPartial: z.boolean(),
  /** For each facet its values with the alerts that fit all other filters; the most frequent first. */
  facets: z.object({
    status: facetView,
    severity: facetView,
    service: facetView,
    source: facetView,
    integration: facetView,
    route: facetView,
    team: facetView,
  } satisfies Record<AlertFacetName, typeof facetView>),
});
export type AlertFacetsView = z.infer<typeof alertFacetsView>;
/** `reopen`, `new`, or the id or reference of an open incident. */
export const placeAlertInput = z.object({ into: z.string().trim().min(1).max(100) });
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
  /** What became of passing it on to the old pager; null where it is not. */
  forward: z
    .object({
      state: z.enum(deliveryStates),
      attempts: z.number(),
      lastError: z.string().nullable(),
      sentAt: z.string().nullable(),
    })
    .nullable(),
  /** The start of what was sent, for people to look at. */
  preview: z.string().optional(),
});
export type IntakeView = z.infer<typeof intakeView>;

export const heartbeatStates = ["off", "waiting", "fine", "missing"] as const;
export const createHeartbeatInput = z.object({
  name: z.string().trim().min(1).max(HEARTBEAT_NAME_LENGTH_MAX),
  /** At most this long between two pings. */
  intervalSeconds: z.int().min(HEARTBEAT_SECONDS_MIN).max(HEARTBEAT_SECONDS_MAX).optional(),
  description: z.string().trim().max(HEARTBEAT_TEXT_LENGTH_MAX).optional(),
  /** The title of its alert; null for the usual one. */
  message: z.string().trim().max(HEARTBEAT_TEXT_LENGTH_MAX).nullable().optional(),
  severity: z.enum(alertSeverities).optional(),
  enabled: z.boolean().optional(),
});
export type CreateHeartbeatInput = z.infer<typeof createHeartbeatInput>;
export const changeHeartbeatInput = createHeartbeatInput.omit({ name: true });
export type ChangeHeartbeatInput = z.infer<typeof changeHeartbeatInput>;
export const heartbeatView = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  enabled: z.boolean(),
  intervalSeconds: z.number(),
  message: z.string().nullable(),
  severity: z.enum(alertSeverities),
  /** `waiting` for its first ping: only what has come once can go missing. */
  state: z.enum(heartbeatStates),
  lastPingAt: z.string().nullable(),
  /** When the next ping is late; null when nothing is waited for. */
  dueAt: z.string().nullable(),
  missingAt: z.string().nullable(),
  createdAt: z.string(),
  /** The address that takes its pings, with the integration's key as `Authorization: GenieKey …`. */
  pingUrl: z.string(),
});
export type HeartbeatView = z.infer<typeof heartbeatView>;

/** A delivery to look at: one that came, or text that somebody pasted. */
const mappingSample = z.union([
  z.strictObject({ deliveryId: z.guid("This is not the id of a delivery.") }),
  z.strictObject({
    text: z.string().min(1).max(200_000),
    contentType: z.string().max(200).optional(),
    query: z.string().max(5_000).optional(),
  }),
]);
export const previewMappingInput = z.object({ mapping: mappingSchema.nullable(), sample: mappingSample });
export const tryMappingInput = z.object({
  mapping: mappingSchema.nullable(),
  last: z.int().min(1).max(50).default(20),
});

export const mappingPreview = z.object({
  /** The delivery as it was parsed. */
  body: z.unknown(),
  recognised: z.boolean(),
  accepted: z.number(),
  reports: z.array(z.record(z.string(), z.unknown())),
  /** The paths of the mapping in the first entry: which are there, and with what. */
  paths: z.array(z.object({ row: z.string(), path: z.string(), isFound: z.boolean(), value: z.string().nullable() })),
});
export type MappingPreview = z.infer<typeof mappingPreview>;
export const mappingTry = z.object({
  delivery: z.string(),
  receivedAt: z.string(),
  recognised: z.boolean(),
  accepted: z.number(),
  first: z.record(z.string(), z.unknown()).nullable(),
});
export type MappingTry = z.infer<typeof mappingTry>;

export const noiseQuery = z.object({
  days: z.coerce.number().int().min(1).max(NOISE_DAYS_MAX).default(NOISE_DAYS_DEFAULT),
});
const noiseRow = z.object({
  id: z.string(),
  name: z.string(),
  alerts: z.number(),
  /** Reports, repeats among them. */
  reports: z.number(),
  /** Incidents that were opened for its alerts, and how many of them were declined. */
  incidents: z.number(),
  declined: z.number(),
  /** Declined of opened, 0 to 1; null where none was opened. */
  declinedShare: z.number().nullable(),
  /** How often its alerts fired again while they flapped. */
  flaps: z.number(),
  /** Incidents opened from 22 to 7 o'clock in the organisation's time zone. */
  nightPages: z.number(),
  suppressed: z.number(),
});
export const noiseView = z.object({
  from: z.string(),
  to: z.string(),
  timeZone: z.string(),
  routes: z.array(noiseRow),
  sources: z.array(noiseRow),
});
export type NoiseRow = z.infer<typeof noiseRow>;
export type NoiseView = z.infer<typeof noiseView>;
