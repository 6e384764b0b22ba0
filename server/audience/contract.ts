import { z } from "zod";
import { EMAIL_PATTERN } from "#/server/access/shared/email.ts";
import { severities } from "#/server/incidents/shared/lists.ts";
import { componentStatuses, SUPPRESSION_REASON_LENGTH_MAX, suppressionCauses } from "./shared/lists.ts";
import {
  AUDIENCE_DESTINATIONS_MAX,
  AUDIENCE_EMAILS_MAX,
  AUDIENCE_MATCH_MAX,
  AUDIENCE_SLACK_CHANNELS_MAX,
  audienceKinds,
  DESTINATION_URL_LENGTH_MAX,
  destinationKinds,
  REACH_NAME_LENGTH_MAX,
  webhookEvents,
} from "./shared/reach.ts";

export const COMPONENT_NAME_LENGTH_MAX = 80;
export const COMPONENT_DESCRIPTION_LENGTH_MAX = 300;
/** Longest address that SMTP carries. */
export const EMAIL_LENGTH_MAX = 254;
/** One team's status page; a larger audience is a mailing service's job. */
export const SUBSCRIBERS_MAX = 10_000;

const name = z.string().trim().min(1, "A name is needed.").max(COMPONENT_NAME_LENGTH_MAX);
const description = z.string().trim().max(COMPONENT_DESCRIPTION_LENGTH_MAX);

const groupId = z.string().min(1).max(100).nullable();
const shown = z
  .object({
    name,
    description,
    /** The group it stands in; null is the top of the page. */
    groupId,
    /** Whether the page shows how it was over time. */
    showcase: z.boolean(),
    /** Keeps it off the page while it is operational. */
    onlyShowIfDegraded: z.boolean(),
    /** The first UTC day that counts, `2026-11-21`. */
    startOn: z.iso.date({ error: "This must be a day as 2026-11-21." }).nullable(),
  })
  .partial();

export const createComponentInput = shown.extend({
  name,
  /** True makes a group: it holds components and has no state of its own. */
  group: z.boolean().optional(),
});
export type CreateComponentInput = z.infer<typeof createComponentInput>;

export const changeComponentInput = shown.extend({
  /** Its place in its group or at the top of the page, counted from 1; the others make room. */
  position: z.number().int().min(1).max(1_000).optional(),
});
export type ChangeComponentInput = z.infer<typeof changeComponentInput>;

export const componentView = z.object({
  id: z.string(),
  /** What the public sees it by. */
  publicId: z.string(),
  name: z.string(),
  description: z.string(),
  group: z.boolean(),
  /** Of a group: the ids of what stands in it, in order. */
  components: z.array(z.string()),
  groupId: z.string().nullable(),
  /** Its place in its group or at the top of the page. */
  position: z.number(),
  showcase: z.boolean(),
  onlyShowIfDegraded: z.boolean(),
  startOn: z.string().nullable(),
  /** The worst of the unresolved public incidents and running maintenance that name it, and of how the last one left it; a group's is its worst component's. */
  status: z.enum(componentStatuses),
  /** Since when it is not operational without an open incident that says why; null while all is well. */
  unexplainedSince: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type ComponentView = z.infer<typeof componentView>;

export const createSubscriberInput = z.object({
  email: z.string().trim().min(3).max(EMAIL_LENGTH_MAX),
  /** Ids of components; none means every public update. */
  components: z.array(z.string().max(100)).max(200).optional(),
  /** Without it the address gets a mail to confirm. */
  confirmed: z.boolean().optional(),
  /** Internal followers get internal updates too. */
  internal: z.boolean().optional(),
});
export type CreateSubscriberInput = z.infer<typeof createSubscriberInput>;

export const subscriberView = z.object({
  id: z.string(),
  email: z.string(),
  components: z.array(z.string()),
  internal: z.boolean(),
  confirmed: z.boolean(),
  createdAt: z.string(),
  confirmedAt: z.string().nullable(),
});
export type SubscriberView = z.infer<typeof subscriberView>;

const reachName = z.string().trim().min(1, "A name is needed.").max(REACH_NAME_LENGTH_MAX);
const destinationUrl = z
  .url({ protocol: /^https?$/, error: "This must be an http or https address." })
  .max(DESTINATION_URL_LENGTH_MAX);
const eventList = z.array(z.enum(webhookEvents)).min(1, "Choose at least one event.").max(webhookEvents.length);

export const createDestinationInput = z.object({
  kind: z.enum(destinationKinds),
  name: reachName,
  url: destinationUrl,
  /** What a webhook is told of; left out: everything. */
  events: eventList.optional(),
});
export type CreateDestinationInput = z.infer<typeof createDestinationInput>;

export const changeDestinationInput = z
  .object({
    name: reachName,
    /** Left out: the address that is kept. */
    url: destinationUrl,
    events: eventList,
    /** Whether anything goes there. */
    enabled: z.boolean(),
  })
  .partial();
export type ChangeDestinationInput = z.infer<typeof changeDestinationInput>;

const instantView = z.string();
const named = z.object({ id: z.string(), name: z.string() });

export const destinationView = z.object({
  id: z.string(),
  kind: z.enum(destinationKinds),
  name: z.string(),
  /** Its address with the key in it hidden. */
  url: z.string(),
  /** Of webhooks only. */
  events: z.array(z.enum(webhookEvents)),
  enabled: z.boolean(),
  /** Why nothing goes there, when it switched itself off. */
  disabledReason: z.string().nullable(),
  disabledAt: instantView.nullable(),
  /** Until when the secret before the present one signs, too. */
  previousSecretUntil: instantView.nullable(),
  testedAt: instantView.nullable(),
  testError: z.string().nullable(),
  /** In which audiences it is; in none, it hears nothing. */
  audiences: z.array(named.extend({ kind: z.enum(audienceKinds) })),
  createdAt: instantView,
  updatedAt: instantView,
});
export type DestinationView = z.infer<typeof destinationView>;

/** The answer that shows a signing secret, this once; null for places that do not check signatures. */
export const destinationWithSecret = destinationView.extend({ secret: z.string().nullable() });
export type DestinationWithSecret = z.infer<typeof destinationWithSecret>;

const slackChannel = z
  .string()
  .trim()
  .regex(/^(#[^\s#<>&]{1,80}|[CG][A-Z0-9]{6,20})$/, "This is not a Slack channel: write #channel, or its id.");
const emailAddress = z.string().trim().regex(EMAIL_PATTERN, "This is not an e-mail address.").max(EMAIL_LENGTH_MAX);
const keys = z.array(z.string().trim().min(1).max(100)).max(AUDIENCE_MATCH_MAX);

const audienceFields = z.object({
  name: reachName,
  /** By id or name; empty means all, here and below. */
  services: keys,
  /** By id or public id. */
  components: keys,
  severities: z.array(z.enum(severities)).max(severities.length),
  /** Ids of destinations. */
  destinations: z.array(z.string().trim().min(1).max(100)).max(AUDIENCE_DESTINATIONS_MAX),
  /** Of internal audiences only. */
  emails: z.array(emailAddress).max(AUDIENCE_EMAILS_MAX),
  slackChannels: z.array(slackChannel).max(AUDIENCE_SLACK_CHANNELS_MAX),
});
export const createAudienceInput = audienceFields
  .partial()
  .required({ name: true })
  .extend({ kind: z.enum(audienceKinds) });
export type CreateAudienceInput = z.infer<typeof createAudienceInput>;
/** Who an audience is does not change: what was said to it would have been said to others. */
export const changeAudienceInput = audienceFields.partial();
export type ChangeAudienceInput = z.infer<typeof changeAudienceInput>;

export const audienceView = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(audienceKinds),
  /** What is gone since has a null name; it fits nothing. */
  services: z.array(z.object({ id: z.string(), name: z.string().nullable() })),
  components: z.array(z.object({ id: z.string(), name: z.string().nullable() })),
  severities: z.array(z.enum(severities)),
  destinations: z.array(named.extend({ kind: z.enum(destinationKinds), enabled: z.boolean() })),
  emails: z.array(z.string()),
  slackChannels: z.array(z.string()),
  createdAt: instantView,
  updatedAt: instantView,
});
export type AudienceView = z.infer<typeof audienceView>;

/** As many as there can be subscribers. */
export const SUPPRESSIONS_MAX = 10_000;

export const suppressAddressInput = z.object({
  email: z.string().trim().min(3).max(EMAIL_LENGTH_MAX),
  reason: z.string().trim().max(SUPPRESSION_REASON_LENGTH_MAX).optional(),
});
export type SuppressAddressInput = z.infer<typeof suppressAddressInput>;

export const suppressionView = z.object({
  id: z.string(),
  email: z.string(),
  cause: z.enum(suppressionCauses),
  /** What the mail server answered, or what somebody wrote. */
  reason: z.string(),
  createdAt: z.string(),
});
export type SuppressionView = z.infer<typeof suppressionView>;

/** Each is asked by itself at every update; who needs more has a message bus. */
export const WEBHOOK_SUBSCRIBERS_MAX = 500;
export const WEBHOOK_URL_LENGTH_MAX = 2_000;

export const createWebhookSubscriberInput = z.object({
  url: z.url({ protocol: /^https?$/, error: "This must be an http or https address." }).max(WEBHOOK_URL_LENGTH_MAX),
  /** Ids of components; none means every public update. */
  components: z.array(z.string().max(100)).max(200).optional(),
});
export type CreateWebhookSubscriberInput = z.infer<typeof createWebhookSubscriberInput>;

export const webhookSubscriberView = z.object({
  id: z.string(),
  /** Of the address only the host: receivers keep keys in the rest. */
  host: z.string(),
  email: z.string().nullable(),
  components: z.array(z.string()),
  confirmed: z.boolean(),
  createdAt: z.string(),
  lastSentAt: z.string().nullable(),
  /** What the last attempt met; null when it went well. */
  lastError: z.string().nullable(),
});
export type WebhookSubscriberView = z.infer<typeof webhookSubscriberView>;
/** What its signatures are checked with is told once, to who adds it. */
export const addedWebhookSubscriberView = webhookSubscriberView.extend({ secret: z.string() });
