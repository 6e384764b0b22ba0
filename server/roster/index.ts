export { acceptRole, claimRole, offerRole, releaseRole, takeOverRole } from "./change-role.ts";
