/** The states of a component, in Statuspage's words, best first. */
export const componentStatuses = [
  "operational",
  "under_maintenance",
  "degraded_performance",
  "partial_outage",
  "major_outage",
] as const;
export type ComponentStatus = (typeof componentStatuses)[number];
/** Components on one page; above it nobody finds theirs. */
export const COMPONENTS_MAX = 200;
