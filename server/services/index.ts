export { exportCatalogue, importCatalogue } from "./catalogue.ts";
export { changeService, createService, deleteService } from "./change-service.ts";
export { findServiceByKey, findServiceByRepository } from "./find-service.ts";
export { listServices, readService } from "./service-queries.ts";
