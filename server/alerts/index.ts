export { acknowledgeAlert, attachAlert, detachAlert, resolveAlert, splitIncident } from "./act-on-alert.ts";
export { getAlert, listAlerts, listAlertsOfIncident } from "./alert-queries.ts";
export {
  changeIntegration,
  createIntegration,
  listIntegrations,
  removeIntegration,
  rotateIntegrationKey,
} from "./change-integration.ts";
export { registerSubscriptionJobs } from "./confirm-subscription.ts";
export {
  changeHeartbeat,
  getHeartbeat,
  type HeartbeatRow,
  heartbeatInput,
  listHeartbeats,
  pingHeartbeat,
  removeHeartbeat,
  saveHeartbeat,
} from "./heartbeats.ts";
export { getIntake, listIntakes } from "./intake-queries.ts";
export type { StoredIntake } from "./intake-window.ts";
export { labelFingerprint } from "./mapping/fingerprint.ts";
export type { AlertRow } from "./place-alert.ts";
export { previewMapping, tryMapping } from "./preview-mapping.ts";
export { processDelivery, registerAlertJobs, requeueStoredDeliveries } from "./process-delivery.ts";
export {
  type IntegrationRow,
  integrationOfKey,
  type RawDelivery,
  receiveDelivery,
} from "./receive-delivery.ts";
export { dismissDelivery, replayDelivery } from "./replay-delivery.ts";
export {
  type AlertIdentifier,
  type AlertSearch,
  alertOf,
  intakeOfIntegration,
  openAlertsOf,
  searchAlertsOf,
  tinyIdOf,
} from "./sender-queries.ts";
export {
  expireSilence,
  getSilence,
  listSilences,
  matches,
  type SilenceRow,
  saveSilence,
  silenceInput,
} from "./silences.ts";
export { listSources } from "./source-queries.ts";
export { isSource } from "./sources/index.ts";
export { watchHeartbeats } from "./watch-heartbeats.ts";
