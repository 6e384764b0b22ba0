import { z } from "zod";
import { componentStatuses } from "#/server/audience/shared/lists.ts";
import { AUDIENCES_MAX } from "#/server/audience/shared/reach.ts";
import { incidentStatuses, severities } from "#/server/incidents/shared/lists.ts";
import {
  audiences,
  channels,
  DESTINATION_LENGTH_MAX,
  dataLosses,
  deliveryStates,
  impacts,
  outboundChannels,
  PUBLIC_TITLE_LENGTH_MAX,
  UPDATE_BODY_LENGTH_MAX,
  updateStatuses,
  wordedChannels,
} from "./shared/lists.ts";

const body = z.string().trim().min(1, "An update needs a text.").max(UPDATE_BODY_LENGTH_MAX);
/** By channel; what is not named says `body`. The status page always says `body`. */
const wordings = z.partialRecord(z.enum(wordedChannels), body);
const instant = z.iso.datetime({ offset: true });
const chosenComponents = z
  .array(z.object({ id: z.string().min(1).max(100), status: z.enum(componentStatuses) }))
  .max(200);

export const publishUpdateInput = z.object({
  /** What the incident is from now on. */
  status: z.enum(updateStatuses),
  body,
  /** Empty only when audiences are chosen. */
  channels: z.array(z.enum(channels)).max(20),
  /** The public name; left out: the last one, else one made of the components. */
  title: z.string().trim().min(1).max(PUBLIC_TITLE_LENGTH_MAX).nullish(),
  components: chosenComponents.nullish(),
  audience: z.enum(audiences).optional(),
  /** Ids of named audiences; left out: all that the update fits. An internal update goes to internal ones only. */
  audiences: z.array(z.string().min(1).max(100)).max(AUDIENCES_MAX).nullish(),
  /** Left out: it follows the severity. */
  impact: z.enum(impacts).nullish(),
  wordings: wordings.optional(),
  /** Becomes the incident's `nextUpdateDueAt`, and a sentence at the text's end unless the text says it. Null: none is promised; left out: the clock of the severity decides. */
  nextUpdateAt: instant.nullish(),
  /** What the writer last saw: when the incident is not so any more, nothing is published and the answer is 412. */
  seen: z
    .object({
      updateId: z.string().max(100).nullable(),
      status: z.enum(incidentStatuses),
      severity: z.enum(severities).nullable(),
    })
    .optional(),
  /** True when this is the incident's shared draft: it is emptied. */
  isDraft: z.boolean().optional(),
  /** With `resolved`: whether data was lost. It is said at the end of the text. */
  dataLost: z.enum(dataLosses).nullish(),
});
export type PublishUpdateInput = z.infer<typeof publishUpdateInput>;

export const correctUpdateInput = z.object({
  body,
  /** Channels that keep words of their own; the others say the corrected text. */
  wordings: wordings.optional(),
  /** Mail goes again only if asked. */
  notify: z.boolean().default(false),
});
export type CorrectUpdateInput = z.input<typeof correctUpdateInput>;

/** An update that is still being written: anything may be missing. */
export const previewUpdateInput = publishUpdateInput.omit({ seen: true, isDraft: true }).extend({
  body: z.string().max(UPDATE_BODY_LENGTH_MAX),
  channels: z.array(z.enum(channels)).max(20),
  wordings: z.partialRecord(z.enum(wordedChannels), z.string().max(UPDATE_BODY_LENGTH_MAX)).optional(),
});
export type PreviewUpdateInput = z.infer<typeof previewUpdateInput>;

/** What the readers of one channel would get. */
export const channelPreview = z.discriminatedUnion("channel", [
  z.object({ channel: z.literal("status_page"), /** The incident's page, whole. */ html: z.string() }),
  z.object({
    channel: z.literal("slack"),
    /** Channels in Slack: the organisation's and those of named audiences. */
    to: z.array(z.string()),
    /** What notifications and screen readers use. */
    text: z.string(),
    /** Block Kit, as it is sent. */
    blocks: z.array(z.record(z.string(), z.unknown())),
  }),
  z.object({
    channel: z.literal("email"),
    recipients: z.number(),
    subject: z.string(),
    html: z.string(),
    text: z.string(),
  }),
  z.object({
    channel: z.enum(["mattermost", "teams"]),
    /** Names of the places where named audiences read. */
    to: z.array(z.string()),
    message: z.object({
      heading: z.string(),
      body: z.string(),
      notes: z.array(z.string()).readonly(),
      link: z.object({ text: z.string(), url: z.string() }).nullable(),
    }),
  }),
]);
export type ChannelPreview = z.infer<typeof channelPreview>;
export const updatePreview = z.object({
  /** What it is called; the public never sees the room's title. */
  title: z.string(),
  /** The text with the sentence about the next update. */
  body: z.string(),
  channels: z.array(channelPreview),
});
export type UpdatePreview = z.infer<typeof updatePreview>;

/** When the next update comes, as it is chosen before it is published. */
const nextChoice = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("minutes"), minutes: z.number().int().min(1).max(10_000) }),
  z.object({ kind: z.literal("at"), at: instant }),
  z.object({ kind: z.literal("none") }),
]);
const audienceIds = z.array(z.string().min(1).max(100)).max(AUDIENCES_MAX);
/** What is chosen beside the draft's text. What is left out stays; null lets a field follow the incident again. */
export const changeDraftInput = z
  .object({
    status: z.enum(updateStatuses).nullable(),
    audience: z.enum(audiences).nullable(),
    title: z.string().max(PUBLIC_TITLE_LENGTH_MAX).nullable(),
    channels: z.array(z.enum(channels)).max(20).nullable(),
    components: chosenComponents.nullable(),
    next: nextChoice.nullable(),
    wordings: z.partialRecord(z.enum(wordedChannels), z.string().max(UPDATE_BODY_LENGTH_MAX)).nullable(),
    /** Ids of the named audiences that were chosen by hand. */
    byHand: z.object({ public: audienceIds, internal: audienceIds }).nullable(),
  })
  .partial();
export type ChangeDraftInput = z.infer<typeof changeDraftInput>;
/** The fields of an open draft that somebody changed. */
export const draftView = z.object({
  fields: changeDraftInput,
  changedBy: z.string(),
  changedAt: z.string(),
});
export type DraftView = z.infer<typeof draftView>;
/** What is left out stays as it was; both count for this one delivery only. */
export const retryDeliveryInput = z.object({
  /** Another address of the same kind: a mail address, or a channel in Slack. */
  destination: z.string().trim().min(1).max(DESTINATION_LENGTH_MAX).optional(),
  body: body.optional(),
});
export type RetryDeliveryInput = z.infer<typeof retryDeliveryInput>;

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
  /** The text of this delivery where it is not the update's. */
  body: z.string().optional(),
});
export type DeliveryView = z.infer<typeof deliveryView>;

export const channelSummary = z.object({
  channel: z.enum(outboundChannels),
  total: z.number(),
  sent: z.number(),
  /** Given up, or unknown whether it arrived: somebody has to look. */
  failed: z.number(),
  /** Addresses that get no mail any more, because it comes back; left out when there is none. */
  suppressed: z.number().optional(),
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
  /** What a channel said instead. */
  wordings: z.partialRecord(z.enum(wordedChannels), z.string()),
  channels: z.array(z.enum(channels)),
  /** When readers were promised to hear again. */
  nextUpdateAt: z.string().nullable(),
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
