/** What is known of somebody in a room: null while they are in it. */
export type Presence = { leftAt: Date | null };

/**
 * Since when the holder of a role is away, or null while they are in the room.
 * Who never entered it is away since they got the role. Pure.
 */
export function awaySince(presence: Presence | undefined, heldSince: Date | null): Date | null {
  if (!presence) return heldSince;
  if (!presence.leftAt || !heldSince) return presence.leftAt;
  return presence.leftAt > heldSince ? presence.leftAt : heldSince;
}
