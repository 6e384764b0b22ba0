export { changeSettings } from "./change-settings.ts";
export type { Settings } from "./contract.ts";
export {
  hearsTriage,
  isReachable,
  readSettings,
  requiredRolesAt,
  tellTargetsOfIncident,
  viewSettings,
} from "./read-settings.ts";
export { publicBase, publicPageUrl } from "./status-page-settings.ts";
export { dropSetting, readLargeSetting, saveSetting } from "./store.ts";
export { type UpdateRules, updateRulesAt } from "./update-rules.ts";
