import type { InvitationState } from "./shared/lists.ts";
import { INVITE_AGAIN_AFTER_MS } from "./shared/lists.ts";

type Times = {
  deliveredAt: Date | null;
  seenAt: Date | null;
  joinedAt: Date | null;
  declinedAt: Date | null;
};

/** How far an invitation came. Whoever came is here, whatever was said before. Pure. */
export function stateOf({ deliveredAt, seenAt, joinedAt, declinedAt }: Times): InvitationState {
  if (joinedAt) return "joined";
  if (declinedAt) return "declined";
  if (seenAt) return "seen";
  return deliveredAt ? "delivered" : "invited";
}

const time = (at: Date) => `${at.toISOString().slice(11, 16)} UTC`;

/** Why a person cannot be asked now, in a sentence; null when they can. Pure. */
export function inviteRefusal(
  name: string,
  before: { invitedAt: Date } | undefined,
  isHere: boolean,
  now: Date,
): string | null {
  if (isHere) return `${name} is here already.`;
  if (!before) return null;
  const from = new Date(before.invitedAt.getTime() + INVITE_AGAIN_AFTER_MS);
  return now < from ? `${name} was asked at ${time(before.invitedAt)}. You can ask again from ${time(from)}.` : null;
}
