export { declineInvitation, markDelivered, markJoined, markSeen } from "./answer-invitation.ts";
export { listInvitations } from "./invitation-queries.ts";
export { registerOwnerInvitations } from "./invite-owners.ts";
export { invitePeople } from "./invite-people.ts";
