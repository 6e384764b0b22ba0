import { z } from "zod";
import { notificationKinds, reachChoices } from "./shared/lists.ts";

export const notificationView = z.object({
  id: z.string(),
  kind: z.enum(notificationKinds),
  title: z.string(),
  body: z.string(),
  incident: z.object({ id: z.string(), reference: z.string(), title: z.string() }),
  /** A path of this server: the room at the right moment. */
  link: z.string(),
  /** Set for an invitation, to say that one cannot come. */
  invitationId: z.string().nullable(),
  createdAt: z.string(),
  seenAt: z.string().nullable(),
  /** Somebody else did it, or it was taken back: nothing is left to do. */
  settledAt: z.string().nullable(),
  /** What left the building for it. */
  channels: z.array(z.object({ channel: z.string(), state: z.string(), error: z.string().nullable() })),
  /** Why nothing left the building, when that was decided. */
  withheld: z.string().nullable(),
});
export type NotificationView = z.infer<typeof notificationView>;

export const notificationList = z.object({
  items: z.array(notificationView),
  nextCursor: z.string().nullable(),
  /** How many wait to be seen. */
  unseen: z.number(),
  /** How this person wants to be reached while absent. */
  reachBy: z.enum(reachChoices),
});
export const changeReachInput = z.object({ reachBy: z.enum(reachChoices) });
