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
