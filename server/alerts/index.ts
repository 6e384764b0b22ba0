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
export { previewMapping, tryMapping } from "./preview-mapping.ts";
export { processDelivery, registerAlertJobs, requeueStoredDeliveries } from "./process-delivery.ts";
export { type IntegrationRow, integrationOfKey, type RawDelivery, receiveDelivery } from "./receive-delivery.ts";
export { dismissDelivery, replayDelivery } from "./replay-delivery.ts";
export { listSources } from "./source-queries.ts";
