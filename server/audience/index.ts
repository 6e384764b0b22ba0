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
  enqueueRebuild,
  leaveComponents,
  lockComponents,
  presentComponent,
  REBUILD_JOB,
  refreshComponentStates,
  selectComponents,
} from "./component-store.ts";
export { worseState, worstState } from "./rules.ts";
export { subscriberUrl } from "./subscriber-token.ts";
export {
  countUnexplained,
  enqueueUnexplained,
  reviewUnexplained,
  selectUnexplained,
  UNEXPLAINED_JOB,
} from "./unexplained.ts";
