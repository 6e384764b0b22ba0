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
export { type UpdateRules, updateRulesAt } from "./update-rules.ts";
