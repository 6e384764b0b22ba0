import { incidentPath } from "#/components/room/incident-path.ts";
import { sentenceCase } from "#/components/timeline/event-data.ts";
import type { IncidentView, PersonView, RoleView } from "#/server/incidents/contract.ts";
import { REASON_LENGTH_MAX } from "#/server/incidents/shared/lists.ts";
import { type Command, type Completion, type Plan, refused, type World } from "./command.ts";
import { openIncident } from "./in-room.ts";
import { peopleNamed, personCompletion } from "./people-completions.ts";
import { oneOf, plain, type Read, readPerson } from "./read-arguments.ts";
import { page, task } from "./task-and-page-commands.ts";

/** Short for the long names. */
const roleAliases: Readonly<Record<string, string>> = {
  ic: "commander",
  lead: "commander",
  ops: "operations",
  comms: "communications",
};
function heldBy({ holder, offeredTo }: RoleView, world: World): string {
  if (holder) return holder.id === world.me.id ? "yours" : holder.name;
  return offeredTo ? `offered to ${offeredTo.name}` : "nobody";
}

/** A role's name at the beginning of a text, and what follows it. */
function readRole(text: string, roles: readonly RoleView[]): Read<{ role: RoleView; rest: string }> {
  const [, typed = "", rest = ""] = /^(\S*)\s*([\s\S]*)$/.exec(text.trim()) ?? [];
  const role = oneOf(roleAliases[plain(typed)] ?? typed, roles, (each) => each.role);
  if (role === "none" || role === "several") {
    return { ok: false, problem: `Say which role: ${roles.map((each) => each.role).join(", ")}.` };
  }
  return { ok: true, value: { role, rest: rest.trim() } };
}

function offer(incident: IncidentView, role: RoleView, person: PersonView): Plan {
  return {
    kind: "calls",
    first: {
      method: "post",
      path: incidentPath(incident.id, "roles", role.role, "offer"),
      body: { userId: person.id },
    },
    told: `${sentenceCase(role.role)} is offered to ${person.name}; it changes hands when they accept`,
    undo: {
      calls: () => [{ method: "delete", path: incidentPath(incident.id, "roles", role.role, "offer") }],
    },
  };
}

function claim(incident: IncidentView, { role, holder, offeredTo }: RoleView, world: World): Plan {
  const path = incidentPath(incident.id, "roles", role);
  if (holder?.id === world.me.id) return refused(`You are ${role} already.`);
  if (holder)
    return refused(`${holder.name} is ${role}. Take it over in the roster, with a reason, or ask for a hand-over.`);
  const isMine = offeredTo?.id === world.me.id;
  return {
    kind: "calls",
    first: isMine ? { method: "post", path: `${path}/accept` } : { method: "put", path, body: {} },
    told: `You are ${role}`,
    undo: { calls: () => [{ method: "delete", path }] },
  };
}

function completeRole(text: string, world: World): Completion[] {
  const incident = world.room?.incident;
  if (!incident) return [];
  const [, typed = "", gap = "", rest = ""] = /^(\S*)(\s*)([\s\S]*)$/.exec(text.trimStart()) ?? [];
  if (gap === "") {
    const wanted = roleAliases[plain(typed)] ?? plain(typed);
    return incident.roles
      .filter((each) => each.role.startsWith(wanted))
      .map((each) => ({ text: each.role, label: each.role, detail: heldBy(each, world), isWhole: !each.holder }));
  }
  return peopleNamed(rest, world).map((person) => personCompletion(person, world, `${typed} `));
}

const role: Command = {
  id: "role",
  slash: "role",
  title: "Claim or offer a role",
  about: "Takes an empty role, or offers it to the person you name",
  words: ["assign", "commander", "hand-over"],
  group: "Roster",
  argument: {
    hint: "commander, or commander Ada",
    question: "Which role, and to whom?",
    isOptional: false,
    complete: completeRole,
  },
  isOffered: (world) => openIncident(world) !== null,
  plan: (argument, world) => {
    const incident = openIncident(world);
    if (!incident) return refused("Roles are held in an open incident.");
    const read = readRole(argument, incident.roles);
    if (!read.ok) return refused(read.problem);
    const { role: asked, rest } = read.value;
    if (rest === "") return claim(incident, asked, world);
    const person = readPerson(rest, world.people, world.me);
    if (!person.ok) return refused(person.problem);
    if (person.value.id === world.me.id) return claim(incident, asked, world);
    return offer(incident, asked, person.value);
  },
};

/** The roles that this person holds. */
function mine(world: World): RoleView[] {
  return openIncident(world)?.roles.filter((each) => each.holder?.id === world.me.id) ?? [];
}

const handover: Command = {
  id: "handover",
  slash: "handover",
  title: "Hand over your role",
  about: "They accept before it changes hands",
  words: ["offer", "hand-over"],
  group: "Roster",
  argument: {
    hint: "Ada, or commander Ada",
    question: "To whom?",
    isOptional: false,
    complete: (text, world) =>
      peopleNamed(text, world)
        .filter((person) => person.id !== world.me.id)
        .map((person) => personCompletion(person, world, "")),
  },
  isOffered: (world) => mine(world).length > 0,
  plan: (argument, world) => {
    const incident = openIncident(world);
    const held = mine(world);
    if (!incident || held.length === 0) return refused("You hold no role here.");
    const named = readRole(argument, held);
    const isNamed = named.ok && named.value.rest !== "";
    const given = isNamed ? named.value.role : held[0];
    if (!given || (!isNamed && held.length > 1)) {
      return refused(`You hold ${held.map((each) => each.role).join(" and ")}: say which, then to whom.`);
    }
    const person = readPerson(isNamed ? named.value.rest : argument, world.people, world.me);
    if (!person.ok) return refused(person.problem);
    if (person.value.id === world.me.id) return refused("That is you.");
    return offer(incident, given, person.value);
  },
};

/** Claim, release and take-over of each role, by name: one press in the palette. */
export function roleCommands(world: World): Command[] {
  const incident = openIncident(world);
  if (!incident) return [];
  return incident.roles.flatMap((each): Command[] => {
    const path = incidentPath(incident.id, "roles", each.role);
    const shared = { group: "Roster", isOffered: () => true } as const;
    if (each.holder?.id === world.me.id) {
      const release: Plan = {
        kind: "calls",
        first: { method: "delete", path },
        told: `Nobody is ${each.role} now`,
        undo: { calls: () => [{ method: "put", path, body: {} }] },
      };
      return [{ ...shared, id: `release-${each.role}`, title: `Release ${each.role}`, plan: () => release }];
    }
    if (each.holder) {
      const { name } = each.holder;
      return [
        {
          ...shared,
          id: `take-over-${each.role}`,
          title: `Take over ${each.role}`,
          about: `${name} has it now`,
          argument: { hint: "why", question: "Why? It stands in the timeline.", isOptional: false, complete: () => [] },
          plan: (reason) => {
            if (!reason) return refused("Say why.");
            if (reason.length > REASON_LENGTH_MAX) return refused(`At most ${REASON_LENGTH_MAX} characters.`);
            const first = { method: "post" as const, path: `${path}/take-over`, body: { reason } };
            return { kind: "calls", first, told: `You took over ${each.role} from ${name}` };
          },
        },
      ];
    }
    const verb = each.offeredTo?.id === world.me.id ? "Accept" : "Claim";
    return [
      {
        ...shared,
        id: `claim-${each.role}`,
        title: `${verb} ${each.role}`,
        words: ["role", "take"],
        plan: () => claim(incident, each, world),
      },
    ];
  });
}

/** Who does what. */
export const rosterCommands: readonly Command[] = [task, role, handover, page];
