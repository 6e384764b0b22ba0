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
  addSuppression,
  findSuppression,
  listSuppressions,
  releaseAddress,
  suppressAddress,
  suppressionsOf,
} from "./change-suppression.ts";
export {
  type ComponentRow,
  lockComponents,
  REBUILD_JOB,
  refreshComponentStates,
  selectComponents,
} from "./component-store.ts";
export { suppressedWords, worseState, worstState } from "./rules.ts";
export { subscriberUrl } from "./subscriber-token.ts";
