export { acknowledgeAlert, attachAlert, detachAlert, resolveAlert, splitIncident } from "./act-on-alert.ts";
export { getAlert, listAlerts, listAlertsOfIncident } from "./alert-queries.ts";
export {
  changeIntegration,
  createIntegration,
  integrationSecrets,
  listIntegrations,
  removeIntegration,
  rotateIntegrationKey,
} from "./change-integration.ts";
export { registerDetailJobs } from "./fetch-details.ts";
export { registerForwarding } from "./forward-delivery.ts";
export { getIntake, listIntakes } from "./intake-queries.ts";
export { processDelivery, registerAlertJobs, requeueStoredDeliveries } from "./process-delivery.ts";
export { type IntegrationRow, integrationOfKey, type RawDelivery, receiveDelivery } from "./receive-delivery.ts";
export { type EndedBy, endAtSource, type SourceCall } from "./source-api.ts";
export { listSources } from "./source-queries.ts";
