export { changeSettings } from "./change-settings.ts";
export type { Settings } from "./contract.ts";
export { hearsTriage, readSettings, viewSettings } from "./read-settings.ts";
