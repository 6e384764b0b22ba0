import type { IncidentView } from "#/server/incidents/contract.ts";
import { isOpen } from "#/server/incidents/shared/lists.ts";
import { type Plan, refused, type World } from "./command.ts";

/** The incident of this page, when the person may write in it. */
export function writable(world: World): IncidentView | null {
  return world.room && world.me.canWrite ? world.room.incident : null;
}

/** For a command that is only offered in a room. */
export function inRoom(world: World, plan: (incident: IncidentView) => Plan): Plan {
  return world.room ? plan(world.room.incident) : refused("This works in the room of an incident.");
}

/** The same while it is open. */
export function openIncident(world: World): IncidentView | null {
  const incident = writable(world);
  return incident && isOpen(incident.status) ? incident : null;
}
