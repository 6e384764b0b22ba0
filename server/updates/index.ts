export { type Notice, utcText } from "./compose.ts";
export { type Decision, decisionOf, type TriageWord, triageButtons } from "./compose-triage.ts";
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
export { cardsOf, slackOfIncident } from "./read-card.ts";
export type { Outcome } from "./record-outcome.ts";
export { retryDelivery } from "./retry-delivery.ts";
export { backoffMs, maskAddress } from "./rules.ts";
export { type Doors, publicBase } from "./send-delivery.ts";
export { cardButtons } from "./slack-card.ts";
export { addCard, mayLeave, registerSlackCards } from "./tell-slack.ts";
export { type LinkAct, readTriageLink } from "./triage-link.ts";
export { listUpdates, pageUpdates } from "./update-queries.ts";
