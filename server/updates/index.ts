export { type Notice, utcText } from "./compose.ts";
export { correctUpdate } from "./correct-update.ts";
export { registerDeliveryJobs } from "./deliver.ts";
export { addDeliveries, type NewDelivery } from "./delivery-store.ts";
export { publishUpdate } from "./publish-update.ts";
export { retryDelivery } from "./retry-delivery.ts";
export { publicBase } from "./send-delivery.ts";
export { registerTriageTelling } from "./tell-triage.ts";
export { listUpdates, pageUpdates } from "./update-queries.ts";
