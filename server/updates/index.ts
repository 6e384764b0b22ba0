export { type Notice, utcText } from "./compose.ts";
export { type MaintenanceWord, windowText } from "./compose-maintenance.ts";
export { type Decision, type TriageWord, triageButtons } from "./compose-triage.ts";
export { correctUpdate } from "./correct-update.ts";
export { registerDeliveryJobs } from "./deliver.ts";
export {
  addDeliveries,
  type DeliveryRow,
  enqueueDelivery,
  mailDeliveries,
  type NewDelivery,
  STATUS_PAGE,
  SUBSCRIBERS,
  saveDelivery,
  slackDelivery,
} from "./delivery-store.ts";
export { endPublicIncident } from "./end-public-incident.ts";
export { whoMaySeeByAddress } from "./private-recipients.ts";
export { publishUpdate } from "./publish-update.ts";
export type { Outcome } from "./record-outcome.ts";
export { retryDelivery } from "./retry-delivery.ts";
export { maskAddress, PUBLIC_ID_LENGTH } from "./rules.ts";
export { type Doors, publicBase } from "./send-delivery.ts";
export { type LinkAct, readTriageLink } from "./triage-link.ts";
export { listUpdates, pageUpdates, summarise } from "./update-queries.ts";
