export { affectedServices } from "./affected-services.ts";
export { bringServices } from "./bring-services.ts";
export { changeIncident } from "./change-incident.ts";
export { addMember, letIn, removeMember, requirePerson } from "./change-members.ts";
export {
  acceptInTransaction,
  changeStatusInTransaction,
  declineInTransaction,
  reopenInTransaction,
  resolveInTransaction,
} from "./change-status.ts";
export { createIncident, createIncidentInTransaction, type NewIncident } from "./create-incident.ts";
export {
  acceptIncident,
  closeIncident,
  declineIncident,
  mergeIncident,
  reopenIncident,
  resolveIncident,
  unmergeIncident,
} from "./decide-triage.ts";
export { listIncidents, listMembers } from "./incident-queries.ts";
export { presentIncident, presentIncidents } from "./present.ts";
export { registerSummaryProjection } from "./project-summary.ts";
export { promiseNextUpdate, setNextUpdateDue } from "./set-next-update-due.ts";
export { currentServiceIds, resolveServices } from "./set-services.ts";
export {
  accessTo,
  findIncident,
  findIncidentOrTarget,
  type IncidentRow,
  lockIncident,
  mergeTarget,
  suggestSeverity,
} from "./store.ts";
