import { z } from "zod";
import { componentStatuses } from "./shared/lists.ts";

export const COMPONENT_NAME_LENGTH_MAX = 80;
export const COMPONENT_DESCRIPTION_LENGTH_MAX = 300;
/** Longest address that SMTP carries. */
export const EMAIL_LENGTH_MAX = 254;
/** One team's status page; a larger audience is a mailing service's job. */
export const SUBSCRIBERS_MAX = 10_000;

const name = z.string().trim().min(1, "A name is needed.").max(COMPONENT_NAME_LENGTH_MAX);
const description = z.string().trim().max(COMPONENT_DESCRIPTION_LENGTH_MAX);

export const createComponentInput = z.object({ name, description: description.optional() });
export type CreateComponentInput = z.infer<typeof createComponentInput>;

export const changeComponentInput = z
  .object({
    name,
    description,
    /** Its place on the page, counted from 1; the others make room. */
    position: z.number().int().min(1).max(1_000),
  })
  .partial();
export type ChangeComponentInput = z.infer<typeof changeComponentInput>;

export const componentView = z.object({
  id: z.string(),
  /** What the public sees it by. */
  publicId: z.string(),
  name: z.string(),
  description: z.string(),
  position: z.number(),
  /** The worst of the unresolved public incidents that name it. */
  status: z.enum(componentStatuses),
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
