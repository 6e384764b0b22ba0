export {
  acceptRole,
  claimRole,
  declineRole,
  offerRole,
  releaseRole,
  takeOverRole,
  withdrawOffer,
} from "./change-role.ts";
export { closeLeftPresence, recordPresence } from "./presence.ts";
export { registerRoleReminders } from "./review-roles.ts";
