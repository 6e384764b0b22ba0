import { z } from "zod";
import { MUTE_SERVICES_MAX } from "#/server/alerts/shared/lists.ts";
import { COMPONENTS_MAX, componentStatuses } from "#/server/audience/shared/lists.ts";
import { channelSummary } from "#/server/updates/contract.ts";
import { channels } from "#/server/updates/shared/lists.ts";
import {
  MAINTENANCE_BODY_LENGTH_MAX,
  MAINTENANCE_TITLE_LENGTH_MAX,
  maintenanceChannels,
  maintenanceStates,
  maintenanceStatuses,
  REMINDER_MINUTES_MAX,
  REMINDERS_MAX,
} from "./shared/lists.ts";

const instant = z.iso.datetime({ offset: true, error: "This must be a time as 2026-11-21T10:00:00Z." });
const body = z.string().trim().min(1, "Say what will be done.").max(MAINTENANCE_BODY_LENGTH_MAX);
const key = z.string().trim().min(1).max(100);

const shape = {
  title: z.string().trim().min(1, "A title is needed.").max(MAINTENANCE_TITLE_LENGTH_MAX),
  /** Ids or public ids of the components that are under maintenance meanwhile. */
  components: z.array(key).max(COMPONENTS_MAX),
  from: instant,
  until: instant,
  /** The last so many minutes are for verifying. */
  verifyMinutes: z
    .number()
    .int()
    .min(0)
    .max(24 * 60),
  /** Minutes before the start at which people hear of it again. */
  reminders: z.array(z.number().int().min(1).max(REMINDER_MINUTES_MAX)).max(REMINDERS_MAX),
  /** Where its news go beside the status page; left out: wherever they can. */
  channels: z.array(z.enum(maintenanceChannels)),
  /** Ids or names of services whose alerts stay quiet meanwhile. */
  muteServices: z.array(key).max(MUTE_SERVICES_MAX),
};

export const scheduleMaintenanceInput = z.object({
  title: shape.title,
  body,
  from: shape.from,
  until: shape.until,
  ...z
    .object({
      components: shape.components,
      verifyMinutes: shape.verifyMinutes,
      reminders: shape.reminders,
      channels: shape.channels,
      muteServices: shape.muteServices,
    })
    .partial().shape,
});
export type ScheduleMaintenanceInput = z.infer<typeof scheduleMaintenanceInput>;

/** What is left out stays. Another window is told to people, with `body` if there is one. */
export const changeMaintenanceInput = z
  .object(shape)
  .partial()
  .extend({
    body: body.optional(),
    /** False: a new window stands on the page and is sent to nobody. */
    notify: z.boolean().default(true),
  });
export type ChangeMaintenanceInput = z.input<typeof changeMaintenanceInput>;

export const postMaintenanceUpdateInput = z
  .object({
    status: z.enum(["in_progress", "verifying", "completed"]).optional(),
    /** Left out: the usual words for the status. */
    body: body.optional(),
    notify: z.boolean().default(true),
  })
  .refine((input) => input.status || input.body, { message: "Say something, or give a status.", path: ["body"] });
export type PostMaintenanceUpdateInput = z.input<typeof postMaintenanceUpdateInput>;

export const cancelMaintenanceInput = z.object({
  /** Why, for everybody; left out: only that it is cancelled. */
  reason: z
    .string()
    .trim()
    .max(MAINTENANCE_BODY_LENGTH_MAX - 100)
    .optional(),
  notify: z.boolean().default(true),
});
export type CancelMaintenanceInput = z.input<typeof cancelMaintenanceInput>;

export const correctMaintenanceUpdateInput = z.object({ body });

export const listMaintenancesQuery = z.object({ state: z.enum(maintenanceStates).optional() });

const named = z.object({ id: z.string(), name: z.string() });

export const maintenanceSummary = z.object({
  id: z.string(),
  /** What the public sees it by. */
  publicId: z.string(),
  /** Its public page. */
  url: z.string(),
  title: z.string(),
  status: z.enum(maintenanceStatuses),
  components: z.array(named),
  from: z.string(),
  until: z.string(),
  verifyMinutes: z.number(),
  reminders: z.array(z.number()),
  channels: z.array(z.enum(maintenanceChannels)),
  muteServices: z.array(named),
  createdBy: z.object({ id: z.string().nullable(), name: z.string() }),
  createdAt: z.string(),
  updatedAt: z.string(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
});
export type MaintenanceSummary = z.infer<typeof maintenanceSummary>;

export const maintenanceUpdateView = z.object({
  id: z.string(),
  status: z.enum(maintenanceStatuses),
  body: z.string(),
  components: z.array(named.extend({ oldStatus: z.enum(componentStatuses), newStatus: z.enum(componentStatuses) })),
  notified: z.boolean(),
  publishedAt: z.string(),
  publishedBy: z.object({ id: z.string().nullable(), name: z.string() }),
  correctedAt: z.string().nullable(),
  deliverySummary: z.array(channelSummary),
});
export type MaintenanceUpdateView = z.infer<typeof maintenanceUpdateView>;

export const maintenanceView = maintenanceSummary.extend({
  /** Newest first. */
  updates: z.array(maintenanceUpdateView),
  /** When people hear next by itself; null when nothing is left. */
  nextReminderAt: z.string().nullable(),
  /** What did not arrive, the newest first; at most 20. */
  failures: z.array(
    z.object({ id: z.string(), channel: z.enum(channels), destination: z.string(), reason: z.string() }),
  ),
});
export type MaintenanceView = z.infer<typeof maintenanceView>;

/** Where news of a maintenance can go now. */
export const maintenanceOutlets = z.object({
  pageName: z.string(),
  channels: z.array(z.object({ channel: z.enum(maintenanceChannels), isReady: z.boolean() })),
});
export type MaintenanceOutlets = z.infer<typeof maintenanceOutlets>;
export type ChannelReadiness = MaintenanceOutlets["channels"][number];

export const unexplainedComponent = z.object({
  id: z.string(),
  name: z.string(),
  status: z.enum(componentStatuses),
  since: z.string(),
  /** True once it is so for long enough to be reminded of. */
  isDue: z.boolean(),
  /** The incident that left it so, when the asker may see it. */
  incident: z.object({ reference: z.string(), title: z.string() }).nullable(),
});
export type UnexplainedComponent = z.infer<typeof unexplainedComponent>;
