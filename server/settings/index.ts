export { changeSettings } from "./change-settings.ts";
export type { Settings } from "./contract.ts";
export { hearsTriage, readSettings, requiredRolesAt, viewSettings } from "./read-settings.ts";
