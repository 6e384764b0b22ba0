/** How far an invitation came, in order; `declined` is the other end. */
export const invitationStates = ["invited", "delivered", "seen", "joined", "declined"] as const;
export type InvitationState = (typeof invitationStates)[number];

/** A sentence or two: what is wanted of them. */
export const INVITATION_MESSAGE_LENGTH_MAX = 500;
/** Asked again sooner, nobody had the time to look. */
export const INVITE_AGAIN_AFTER_MS = 5 * 60_000;
/** More people than this cannot work on one incident; it is also where a slip of the finger ends. */
export const INVITATIONS_MAX = 100;
