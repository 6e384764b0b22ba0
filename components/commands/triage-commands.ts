import { incidentPath } from "#/components/room/incident-path.ts";
import type { IncidentView } from "#/server/incidents/contract.ts";
import { REASON_LENGTH_MAX } from "#/server/incidents/shared/lists.ts";
import { type Command, type Plan, refused, type World } from "./command.ts";
import { severityArgument } from "./complete-arguments.ts";
import { inRoom, writable } from "./in-room.ts";
import { readSeverity } from "./read-arguments.ts";

function acceptPlan(incident: IncidentView, body: Record<string, unknown>): Plan {
  const path = incidentPath(incident.id, "accept");
  return { kind: "calls", first: { method: "post", path, body }, told: `${incident.reference} is accepted` };
}

const isTriage = (world: World) => writable(world)?.status === "triage";

const accept: Command = {
  id: "accept",
  title: "Accept",
  about: "Takes this triage incident on, with the severity that is suggested",
  group: "Incident",
  isOffered: isTriage,
  plan: (_, world) => inRoom(world, (incident) => acceptPlan(incident, {})),
};

const acceptAs: Command = {
  id: "accept-as",
  title: "Accept as…",
  about: "Takes it on with another severity",
  group: "Incident",
  argument: severityArgument,
  isOffered: isTriage,
  plan: (argument, world) =>
    inRoom(world, (incident) => {
      const read = readSeverity(argument);
      return read.ok ? acceptPlan(incident, { severity: read.value }) : refused(read.problem);
    }),
};

const decline: Command = {
  id: "decline",
  title: "Decline",
  about: "It is no incident",
  group: "Incident",
  argument: { hint: "why", question: "Why is it none?", isOptional: true, complete: () => [] },
  isOffered: isTriage,
  plan: (argument, world) =>
    inRoom(world, (incident) => {
      if (argument.length > REASON_LENGTH_MAX) return refused(`At most ${REASON_LENGTH_MAX} characters.`);
      const path = incidentPath(incident.id, "decline");
      return {
        kind: "calls",
        first: { method: "post", path, body: { reason: argument } },
        told: `${incident.reference} is declined; Reopen takes it up again`,
      };
    }),
};

/** What a triage incident waits for. */
export const triageCommands: readonly Command[] = [accept, acceptAs, decline];
