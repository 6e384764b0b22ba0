export { findSubscriber, findSubscribers, listSubscribers, selectRecipients } from "./audience-queries.ts";
export { publicReaderOf, type ReachedAudience, selectAudiences } from "./audience-store.ts";
export { changeAudience, createAudience, listAudiences, removeAudience } from "./change-audience.ts";
export { changeComponent, createComponent, listComponents, removeComponent } from "./change-component.ts";
export {
  changeDestination,
  createDestination,
  listDestinations,
  recordTest,
  removeDestination,
  rotateDestinationSecret,
  switchOffDestination,
} from "./change-destination.ts";
export {
  addSubscriber,
  CONFIRM_JOB,
  confirmSubscription,
  endSubscription,
  removeSubscriber,
  requestSubscription,
  type SubscriberRow,
  subscriberFor,
} from "./change-subscriber.ts";
export {
  addSuppression,
  findSuppression,
  isReleasedByReader,
  listSuppressions,
  releaseAddress,
  type SuppressionRow,
  suppressAddress,
  suppressionsOf,
} from "./change-suppression.ts";
export {
  COMPONENT_CHANGED_JOB,
  type ComponentChanged,
  type ComponentRow,
  enqueueRebuild,
  leaveComponents,
  lockComponents,
  lockTogether,
  presentComponent,
  REBUILD_JOB,
  refreshComponentStates,
  selectComponents,
} from "./component-store.ts";
export { type DestinationRow, type OpenDestination, openDestination } from "./destination-store.ts";
export { type MatchSubject, type Mismatch, mayHear, mismatchOf } from "./match-rules.ts";
export { suppressedWords, worseState, worstState } from "./rules.ts";
export { subscriberUrl } from "./subscriber-token.ts";
export {
  countUnexplained,
  enqueueUnexplained,
  reviewUnexplained,
  selectUnexplained,
  UNEXPLAINED_JOB,
} from "./unexplained.ts";
export {
  addWebhookSubscriber,
  CONFIRM_WEBHOOK_JOB,
  confirmWebhook,
  endWebhook,
  findWebhook,
  listWebhookSubscribers,
  removeWebhookSubscriber,
  requestWebhook,
  saveWebhook,
  selectWebhooks,
  webhookFor,
  webhookSecretOf,
  webhookUrl,
} from "./webhook-subscribers.ts";
