import type { Core } from "#/server/events/index.ts";
import { inviteOwner } from "./invite-people.ts";

/** Owners of services are asked when their service enters a room, in the same transaction. */
export function registerOwnerInvitations(core: Core): void {
  core.handlers.on("service.brought", async (tx, ctx, { incidentId, data }) => {
    if (typeof data.ownerId !== "string") return;
    await inviteOwner(tx, ctx, { incidentId, ownerId: data.ownerId, service: String(data.service) });
  });
}
