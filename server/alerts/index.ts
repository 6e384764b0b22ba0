export { acknowledgeAlert, attachAlert, detachAlert, resolveAlert, splitIncident } from "./act-on-alert.ts";
export { countAlertFacets } from "./alert-facets.ts";
export { getAlert, listAlerts, listAlertsOfIncident, listHeldAlerts } from "./alert-queries.ts";
export {
  changeIntegration,
  createIntegration,
  integrationSecrets,
  listIntegrations,
  removeIntegration,
  rotateIntegrationKey,
} from "./change-integration.ts";
export { registerSubscriptionJobs } from "./confirm-subscription.ts";
export { registerDetailJobs } from "./fetch-details.ts";
export { registerForwarding } from "./forward-delivery.ts";
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
export { getIntake, intakesOfAlert, listIntakes } from "./intake-queries.ts";
export type { StoredIntake } from "./intake-window.ts";
export { createHeartbeat, deleteHeartbeat, editHeartbeat, readHeartbeats } from "./manage-heartbeats.ts";
export { labelFingerprint } from "./mapping/fingerprint.ts";
export { changeMute, createMute, listMutes, removeMute } from "./muting/change-mute.ts";
export { endSilence, listOpenSilences } from "./muting/open-silences.ts";
export { endMute, moveMute, planMute } from "./muting/planned-mute.ts";
export { matches } from "./muting/silence-mutes.ts";
export { readNoise } from "./noise.ts";
export type { AlertRow } from "./place-alert.ts";
export { placeByHand } from "./place-by-hand.ts";
export { previewMapping, tryMapping } from "./preview-mapping.ts";
export { processDelivery, registerAlertJobs, requeueStoredDeliveries } from "./process-delivery.ts";
export {
  type IntegrationRow,
  integrationOfKey,
  type RawDelivery,
  receiveDelivery,
} from "./receive-delivery.ts";
export { dismissDelivery, replayDelivery } from "./replay-delivery.ts";
export { changeRoute, createRoute, listRoutes, removeRoute, reorderRoutes } from "./routing/change-route.ts";
export { dryRun } from "./routing/dry-run.ts";
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
  type SilenceRow,
  saveSilence,
  silenceInput,
} from "./silences.ts";
export { type EndedBy, endAtSource, type SourceCall } from "./source-api.ts";
export { listSources } from "./source-queries.ts";
export { isSource } from "./sources/index.ts";
export { startTendingAlerts } from "./tend-alerts.ts";
export { watchHeartbeats } from "./watch-heartbeats.ts";
