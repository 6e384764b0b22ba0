export { componentStatusWords, updateStatusWords, utcText } from "./compose.ts";
export { correctUpdate } from "./correct-update.ts";
export { recoverDeliveries, registerDeliveryJobs } from "./deliver.ts";
export { publishUpdate } from "./publish-update.ts";
export { retryDelivery } from "./retry-delivery.ts";
export { impactOf } from "./rules.ts";
export { type PageBuilder, publicBase } from "./send-delivery.ts";
export { registerTriageTelling, tellTriage } from "./tell-triage.ts";
export { listUpdates, pageUpdates } from "./update-queries.ts";
