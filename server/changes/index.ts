export { listChanges } from "./change-queries.ts";
export { changesOfIncident } from "./incident-changes.ts";
export { registerChangeJobs } from "./jobs.ts";
export { createChange, recordChange } from "./record-change.ts";
export { clearChange, suspectChange } from "./suspect-change.ts";
