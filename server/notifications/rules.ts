import type { NotificationKind, ReachChoice } from "./shared/lists.ts";

/** How long a browser has before a message leaves the building: people who are asked for now are reached now. */
export const REACH_AFTER_MS: Record<NotificationKind, number> = {
  invitation: 30_000,
  role: 30_000,
  alarm: 30_000,
  task: 120_000,
  overdue: 120_000,
  mention: 120_000,
  // Somebody waits for the answer, and the public waits with them.
  approval: 0,
  update: 30_000,
};
/** Two events of one act, as a task that is made and given, tell once. */
export const SAME_ACT_MS = 10_000;
/** More messages than this in ten minutes are a storm: the rest waits in the bell. */
export const MESSAGES_MAX = 10;
export const MESSAGES_WINDOW_MS = 10 * 60_000;
/** Whose alarm it is: everybody on the incident, but not a whole company. */
export const ALARM_PEOPLE_MAX = 50;

export type Ways = { slack: boolean; email: boolean };

/** The ways on which an absent person is reached: those they chose of those that are set up, or else the other one. Pure. */
export function waysFor(choice: ReachChoice, ready: Ways): Ways {
  if (choice === "none") return { slack: false, email: false };
  if (choice === "slack" && ready.slack) return { slack: true, email: false };
  if (choice === "email" && ready.email) return { slack: false, email: true };
  return ready;
}
