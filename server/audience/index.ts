export { findSubscriber, listSubscribers, selectRecipients } from "./audience-queries.ts";
export { changeComponent, createComponent, listComponents, removeComponent } from "./change-component.ts";
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
  type ComponentRow,
  lockComponents,
  REBUILD_JOB,
  refreshComponentStates,
  selectComponents,
} from "./component-store.ts";
export { worseState, worstState } from "./rules.ts";
export { subscriberUrl } from "./subscriber-token.ts";
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
  webhookSigner,
  webhookUrl,
} from "./webhook-subscribers.ts";
