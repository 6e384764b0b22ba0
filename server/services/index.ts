export { changeService, createService, deleteService } from "./change-service.ts";
export { listServices, readService } from "./service-queries.ts";
