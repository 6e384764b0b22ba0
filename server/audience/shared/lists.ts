/** The states of a component, in Statuspage's words, best first. */
export const componentStatuses = [
  "operational",
  "under_maintenance",
  "degraded_performance",
  "partial_outage",
  "major_outage",
] as const;
export type ComponentStatus = (typeof componentStatuses)[number];
/** Why mail to subscribers no longer goes to an address: it came back, its reader called it spam, or a person said so. */
export const suppressionCauses = ["bounce", "complaint", "manual"] as const;
export type SuppressionCause = (typeof suppressionCauses)[number];
/** What is kept of a mail server's answer. */
export const SUPPRESSION_REASON_LENGTH_MAX = 500;
/** Components on one page; above it nobody finds theirs. */
export const COMPONENTS_MAX = 200;
