import { z } from "zod";
import { componentStatuses } from "#/server/audience/shared/lists.ts";
import { AUDIENCES_MAX } from "#/server/audience/shared/reach.ts";
import {
  audiences,
  channels,
  deliveryStates,
  impacts,
  outboundChannels,
  PUBLIC_TITLE_LENGTH_MAX,
  UPDATE_BODY_LENGTH_MAX,
  updateStatuses,
} from "./shared/lists.ts";

const body = z.string().trim().min(1, "An update needs a text.").max(UPDATE_BODY_LENGTH_MAX);

export const publishUpdateInput = z.object({
  /** What the incident is from now on. */
  status: z.enum(updateStatuses),
  body,
  /** Empty only when audiences are chosen. */
  channels: z.array(z.enum(channels)).max(20),
  /** The public name; left out: the last one, else one made of the components. */
  title: z.string().trim().min(1).max(PUBLIC_TITLE_LENGTH_MAX).nullish(),
  components: z
    .array(z.object({ id: z.string().min(1).max(100), status: z.enum(componentStatuses) }))
    .max(200)
    .nullish(),
  audience: z.enum(audiences).optional(),
  /** Ids of named audiences; left out: all that the update fits. An internal update goes to internal ones only. */
  audiences: z.array(z.string().min(1).max(100)).max(AUDIENCES_MAX).nullish(),
  /** Left out: it follows the severity. */
  impact: z.enum(impacts).nullish(),
});
export type PublishUpdateInput = z.infer<typeof publishUpdateInput>;

export const correctUpdateInput = z.object({
  body,
  /** Mail goes again only if asked. */
  notify: z.boolean().default(false),
});
export type CorrectUpdateInput = z.input<typeof correctUpdateInput>;

export const deliveryView = z.object({
  id: z.string(),
  /** `update`, or `correction` of one. */
  kind: z.string(),
  channel: z.enum(outboundChannels),
  /** An address, a Slack channel, the name of a destination, or `status_page`. Addresses are masked for viewers. */
  destination: z.string(),
  state: z.enum(deliveryStates),
  attempts: z.number(),
  nextAttemptAt: z.string().nullable(),
  lastError: z.string().nullable(),
  sentAt: z.string().nullable(),
  /** The named audience it is for, where it is for one. */
  audience: z.string().nullable(),
});
export type DeliveryView = z.infer<typeof deliveryView>;

export const channelSummary = z.object({
  channel: z.enum(outboundChannels),
  total: z.number(),
  sent: z.number(),
  /** Given up, or unknown whether it arrived: somebody has to look. */
  failed: z.number(),
  waiting: z.number(),
});
export type ChannelSummary = z.infer<typeof channelSummary>;

export const updateView = z.object({
  id: z.string(),
  incidentId: z.string(),
  audience: z.enum(audiences),
  /** The named audiences it went to, as they were called then. */
  audiences: z.array(z.object({ id: z.string(), name: z.string() })),
  status: z.enum(updateStatuses),
  title: z.string().nullable(),
  body: z.string(),
  channels: z.array(z.enum(channels)),
  components: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      oldStatus: z.enum(componentStatuses),
      newStatus: z.enum(componentStatuses),
    }),
  ),
  publishedAt: z.string(),
  publishedBy: z.object({ id: z.string().nullable(), name: z.string() }),
  correctedAt: z.string().nullable(),
  /** The ones that need looking at first; at most 50 an update. */
  deliveries: z.array(deliveryView),
  deliverySummary: z.array(channelSummary),
});
export type UpdateView = z.infer<typeof updateView>;

/** One message that went to a destination, or is on its way. */
export const destinationDeliveryView = z.object({
  id: z.string(),
  /** `update.published`, `incident.created` and so on. */
  event: z.string(),
  /** Its reference; null for one that the reader may not see. */
  incident: z.string().nullable(),
  state: z.enum(deliveryStates),
  attempts: z.number(),
  nextAttemptAt: z.string().nullable(),
  lastError: z.string().nullable(),
  createdAt: z.string(),
  sentAt: z.string().nullable(),
});
export type DestinationDeliveryView = z.infer<typeof destinationDeliveryView>;

/** An audience as the composer offers it. */
export const audienceChoiceView = z.object({
  /** `public`, `followers`, or the id of a named audience. */
  id: z.string(),
  name: z.string(),
  kind: z.enum(audiences),
  /** The public page and internal followers: reached by `channels`, not by `audiences`. */
  isBuiltIn: z.boolean(),
  /** Whether it hears when nobody chooses. */
  isMatching: z.boolean(),
  /** Why, or why not, in words. */
  because: z.string(),
  ways: z.array(
    z.object({
      channel: z.enum(outboundChannels),
      /** A channel's or destination's name; null where there are many addresses. */
      name: z.string().nullable(),
      /** How many places or addresses. */
      count: z.number(),
      /** Why nothing would arrive this way; null when it would. */
      problem: z.string().nullable(),
    }),
  ),
});
export type AudienceChoiceView = z.infer<typeof audienceChoiceView>;
