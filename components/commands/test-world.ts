import type { IncidentChangesView } from "#/server/changes/contract.ts";
import type { IncidentView, RoleView } from "#/server/incidents/contract.ts";
import type { TimelineEntryView } from "#/server/timeline/contract.ts";
import type { World } from "./command.ts";

export const ada = { id: "u-ada", name: "Ada Kovač" };
export const lin = { id: "u-lin", name: "Lin Wei" };
export const linda = { id: "u-linda", name: "Linda" };
export const NOW = Date.parse("2026-11-21T10:00:00.000Z");

export function roleOf(
  role: string,
  holder: RoleView["holder"] = null,
  offeredTo: RoleView["offeredTo"] = null,
): RoleView {
  return { role, holder, since: null, offeredTo, offeredAt: null, isRequired: false, awaySince: null };
}

const roles = ["commander", "operations", "communications", "scribe"].map((each) => roleOf(each));

export function incidentWith(change: Partial<IncidentView> = {}): IncidentView {
  return {
    id: "i-1",
    reference: "INC-1",
    title: "Checkout is slow",
    status: "investigating",
    severity: null,
    suggestedSeverity: null,
    links: [],
    roles,
    nextUpdateDueAt: null,
    resolution: "",
    ...change,
  } as IncidentView;
}

export function noteBy(name: string, id: string, deletedAt: string | null = null): TimelineEntryView {
  return { id, kind: "note", type: "note", actor: { id: null, name }, deletedAt } as TimelineEntryView;
}

export const noChanges: IncidentChangesView = { items: [], nextCursor: null, from: "", to: "" };

/** What Ada, a responder, knows in the room of an incident that is investigated. */
export function worldWith(incident: Partial<IncidentView> = {}, change: Partial<World> = {}): World {
  return {
    me: { ...ada, canWrite: true, isAdmin: false },
    path: "/incidents/INC-1",
    now: NOW,
    room: { incident: incidentWith(incident), entries: [], changes: noChanges },
    entryId: null,
    here: new Set(),
    people: [ada, lin, linda],
    services: [{ id: "s-1", name: "checkout" }],
    undoable: null,
    ...change,
  };
}
