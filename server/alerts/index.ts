export { acknowledgeAlert, attachAlert, detachAlert, resolveAlert, splitIncident } from "./act-on-alert.ts";
export { getAlert, listAlerts, listAlertsOfIncident } from "./alert-queries.ts";
export {
  changeIntegration,
  createIntegration,
  listIntegrations,
  removeIntegration,
  rotateIntegrationKey,
} from "./change-integration.ts";
export { getIntake, listIntakes } from "./intake-queries.ts";
export { changeMute, createMute, listMutes, removeMute } from "./muting/change-mute.ts";
export { readNoise } from "./noise.ts";
export { placeByHand } from "./place-by-hand.ts";
export { previewMapping, tryMapping } from "./preview-mapping.ts";
export { processDelivery, registerAlertJobs, requeueStoredDeliveries } from "./process-delivery.ts";
export { type IntegrationRow, integrationOfKey, type RawDelivery, receiveDelivery } from "./receive-delivery.ts";
export { dismissDelivery, replayDelivery } from "./replay-delivery.ts";
export { changeRoute, createRoute, listRoutes, removeRoute, reorderRoutes } from "./routing/change-route.ts";
export { dryRun } from "./routing/dry-run.ts";
export { listSources } from "./source-queries.ts";
export { startTendingAlerts } from "./tend-alerts.ts";
