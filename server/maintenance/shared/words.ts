import type { MaintenanceStatus } from "./lists.ts";

export const maintenanceStatusWords: Record<MaintenanceStatus, string> = {
  scheduled: "Scheduled",
  in_progress: "In progress",
  verifying: "Verifying",
  completed: "Completed",
  cancelled: "Cancelled",
};
