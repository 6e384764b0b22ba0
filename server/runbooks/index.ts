export { checklistOf } from "./checklist.ts";
export { presentRunbooks, type Runbook, runbookOf, runbooksOf } from "./runbook-queries.ts";
