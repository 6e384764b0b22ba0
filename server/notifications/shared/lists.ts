/** What somebody can be told of. */
export const notificationKinds = [
  "invitation",
  "role",
  "alarm",
  "task",
  "overdue",
  "mention",
  "approval",
  "update",
] as const;
export type NotificationKind = (typeof notificationKinds)[number];

/** How an absent person wants to be reached. */
export const reachChoices = ["both", "slack", "email", "none"] as const;
export type ReachChoice = (typeof reachChoices)[number];

/** The bell shows the newest of these; what is older is history. */
export const NOTIFICATIONS_SHOWN = 30;
