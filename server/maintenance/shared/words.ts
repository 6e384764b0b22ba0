import type { MaintenanceStatus } from "./lists.ts";

export const maintenanceStatusWords: Record<MaintenanceStatus, string> = {
  scheduled: "Scheduled",
  in_progress: "In progress",
  verifying: "Verifying",
  completed: "Completed",
  cancelled: "Cancelled",
};

const stageTexts: Record<Exclude<MaintenanceStatus, "scheduled">, string> = {
  in_progress: "The maintenance has begun.",
  verifying: "The work is done. We are verifying that all is well.",
  completed: "The maintenance is completed.",
  cancelled: "The maintenance is cancelled.",
};

/** What the public reads of a step from one stage to another when nobody finds words of their own. Pure. */
export function usualText(before: MaintenanceStatus, after: Exclude<MaintenanceStatus, "scheduled">): string {
  const isBack = before === "verifying" && after === "in_progress";
  return isBack ? "We are back at work: the maintenance goes on." : stageTexts[after];
}
