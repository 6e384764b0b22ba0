export { changeMaintenance } from "./change-maintenance.ts";
export { listMaintenances, readMaintenance, readOutlets } from "./maintenance-queries.ts";
export { mendComponent } from "./mend-component.ts";
export { cancelMaintenance, correctMaintenanceUpdate, postMaintenanceUpdate } from "./post-update.ts";
export { retryMaintenanceDelivery } from "./retry-delivery.ts";
export { scheduleMaintenance } from "./schedule-maintenance.ts";
export { registerMaintenance, tendMaintenance } from "./tend-maintenance.ts";
export { listUnexplained, registerUnexplainedComponents, remindOfComponent } from "./unexplained-components.ts";
