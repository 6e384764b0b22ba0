export { changeDraft, readDraft } from "./change-draft.ts";
export { changePace } from "./clock/change-pace.ts";
export { registerUpdateClock } from "./clock/review-clock.ts";
export { type Notice, utcText } from "./compose.ts";
export { type MaintenanceWord, windowText } from "./compose-maintenance.ts";
export { type Decision, decisionOf, type TriageWord, triageButtons } from "./compose-triage.ts";
export { correctUpdate } from "./correct-update.ts";
export { type Outbox, registerDeliveryJobs } from "./deliver.ts";
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
export { listDestinationDeliveries, retryDestinationDelivery } from "./destination-deliveries.ts";
export { emptyDraft } from "./empty-draft.ts";
export { endPublicIncident } from "./end-public-incident.ts";
export { incidentAudiences } from "./incident-audiences.ts";
export type { PlannedUpdateView } from "./planned/contract.ts";
export { approvePlanned, bypassApproval, declinePlanned } from "./planned/decide-planned.ts";
export { cancelPlanned, changePlanned, planUpdate } from "./planned/plan-update.ts";
export { findPlanned, openPlanned, pagePlanned, readUpdateRules } from "./planned/planned-queries.ts";
export { registerPlannedUpdates } from "./planned/publish-planned.ts";
export { neededApproval } from "./planned/require-approval.ts";
export { type PagePreviewer, previewUpdate, type UnpublishedUpdate } from "./preview-update.ts";
export { whoMaySeeByAddress } from "./private-recipients.ts";
export { publishUpdate } from "./publish-update.ts";
export { cardsOf, slackOfIncident } from "./read-card.ts";
export { recordBounce } from "./record-bounce.ts";
export type { Outcome } from "./record-outcomes.ts";
export { mayBeSentAgain, retryDelivery, startedAnew, untried } from "./retry-delivery.ts";
export { backoffMs, maskAddress, PUBLIC_ID_LENGTH, wishedMs } from "./rules.ts";
export type { Doors } from "./send-delivery.ts";
export { cardButtons } from "./slack-card.ts";
export { addCard, mayLeave, registerSlackCards } from "./tell-slack.ts";
export { registerWebhookEvents } from "./tell-webhooks.ts";
export { changeTemplate, createTemplate, listTemplates, removeTemplate } from "./templates/change-template.ts";
export { testDestination } from "./test-destination.ts";
export { type LinkAct, readTriageLink } from "./triage-link.ts";
export { listUpdates, pageUpdates, summarise } from "./update-queries.ts";
