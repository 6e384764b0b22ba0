import type { IncidentStatus } from "#/server/incidents/shared/lists.ts";

/** A shape for each status, so that none is told by its word's length or a colour alone. */
export const statusSigns: Record<IncidentStatus, string> = {
  triage: "◇",
  investigating: "○",
  identified: "◐",
  monitoring: "◕",
  resolved: "✓",
  closed: "■",
  declined: "✕",
  merged: "⇥",
};
