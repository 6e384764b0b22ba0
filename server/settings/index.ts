export { changeSettings } from "./change-settings.ts";
export type { Settings, SlackSettings, SmtpSettings } from "./contract.ts";
export { hearsTriage, readSettings, viewSettings } from "./read-settings.ts";
