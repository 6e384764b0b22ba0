import { z } from "zod";
import { componentStatuses } from "#/server/audience/shared/lists.ts";
import {
  audiences,
  channels,
  dataLosses,
  deliveryStates,
  impacts,
  PUBLIC_TITLE_LENGTH_MAX,
  UPDATE_BODY_LENGTH_MAX,
  updateStatuses,
} from "./shared/lists.ts";

const body = z.string().trim().min(1, "An update needs a text.").max(UPDATE_BODY_LENGTH_MAX);

export const publishUpdateInput = z.object({
  /** What the incident is from now on. */
  status: z.enum(updateStatuses),
  body,
  channels: z.array(z.enum(channels)).min(1, "Choose at least one channel.").max(20),
  /** The public name; left out: the last one, else one made of the components. */
  title: z.string().trim().min(1).max(PUBLIC_TITLE_LENGTH_MAX).nullish(),
  components: z
    .array(z.object({ id: z.string().min(1).max(100), status: z.enum(componentStatuses) }))
    .max(200)
    .nullish(),
  audience: z.enum(audiences).optional(),
  /** Left out: it follows the severity. */
  impact: z.enum(impacts).nullish(),
  /** With `resolved`: whether data was lost. It is said at the end of the text. */
  dataLost: z.enum(dataLosses).nullish(),
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
  channel: z.enum(channels),
  /** An address, a Slack channel, or `status_page`. Addresses are masked for viewers. */
  destination: z.string(),
  state: z.enum(deliveryStates),
  attempts: z.number(),
  nextAttemptAt: z.string().nullable(),
  lastError: z.string().nullable(),
  sentAt: z.string().nullable(),
});
export type DeliveryView = z.infer<typeof deliveryView>;

export const channelSummary = z.object({
  channel: z.enum(channels),
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
  /** Of a resolving update: whether data was lost; null when nobody was asked. */
  dataLost: z.enum(dataLosses).nullable(),
  publishedAt: z.string(),
  publishedBy: z.object({ id: z.string().nullable(), name: z.string() }),
  correctedAt: z.string().nullable(),
  /** The ones that need looking at first; at most 50 an update. */
  deliveries: z.array(deliveryView),
  deliverySummary: z.array(channelSummary),
});
export type UpdateView = z.infer<typeof updateView>;
