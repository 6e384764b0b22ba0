export { changePace } from "./clock/change-pace.ts";
export { registerUpdateClock } from "./clock/review-clock.ts";
export { type Notice, utcText } from "./compose.ts";
export { type Decision, type TriageWord, triageButtons } from "./compose-triage.ts";
export { correctUpdate } from "./correct-update.ts";
export { registerDeliveryJobs } from "./deliver.ts";
export {
  addDeliveries,
  type DeliveryRow,
  enqueueDelivery,
  type NewDelivery,
  saveDelivery,
} from "./delivery-store.ts";
export type { PlannedUpdateView } from "./planned/contract.ts";
export { approvePlanned, bypassApproval, declinePlanned } from "./planned/decide-planned.ts";
export { cancelPlanned, changePlanned, planUpdate } from "./planned/plan-update.ts";
export { findPlanned, openPlanned, pagePlanned, readUpdateRules } from "./planned/planned-queries.ts";
export { registerPlannedUpdates } from "./planned/publish-planned.ts";
export { whoMaySeeByAddress } from "./private-recipients.ts";
export { publishUpdate } from "./publish-update.ts";
export type { Outcome } from "./record-outcome.ts";
export { retryDelivery } from "./retry-delivery.ts";
export { maskAddress } from "./rules.ts";
export { type Doors, publicBase } from "./send-delivery.ts";
export { type LinkAct, readTriageLink } from "./triage-link.ts";
export { listUpdates, pageUpdates } from "./update-queries.ts";
