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
export { whoMaySeeByAddress } from "./private-recipients.ts";
export { publishUpdate } from "./publish-update.ts";
export type { Outcome } from "./record-outcome.ts";
export { retryDelivery } from "./retry-delivery.ts";
export { maskAddress } from "./rules.ts";
export type { Doors } from "./send-delivery.ts";
export { type LinkAct, readTriageLink } from "./triage-link.ts";
export { listUpdates, pageUpdates } from "./update-queries.ts";
