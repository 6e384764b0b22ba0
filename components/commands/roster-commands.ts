import { incidentPath } from "#/components/room/incident-path.ts";
import { sentenceCase } from "#/components/timeline/event-data.ts";
import type { IncidentView, PersonView, RoleView } from "#/server/incidents/contract.ts";
import { isOpen, REASON_LENGTH_MAX } from "#/server/incidents/shared/lists.ts";
import { TASK_TITLE_LENGTH_MAX } from "#/server/tasks/shared/lists.ts";
import { type Command, type Completion, type Plan, refused, type World } from "./command.ts";
import { writable } from "./incident-commands.ts";
import { leadingName, minutesText, oneOf, plain, type Read, readPerson, readTask } from "./read-arguments.ts";

/** Short for the long names. */
const roleAliases: Readonly<Record<string, string>> = {
  ic: "commander",
  lead: "commander",
  ops: "operations",
  comms: "communications",
};
/** A list that is read at a glance. */
const PEOPLE_SHOWN_MAX = 8;

function openIncident(world: World): IncidentView | null {
  const incident = writable(world);
  return incident && isOpen(incident.status) ? incident : null;
}

/** Those whose name has a word that begins so; who is here comes first. */
export function peopleNamed(text: string, world: World): PersonView[] {
  const wanted = plain(text.trim().replace(/^@/, ""));
  const isNamed = ({ name }: PersonView) =>
    plain(name).startsWith(wanted) ||
    plain(name)
      .split(/\s+/)
      .some((word) => word.startsWith(wanted));
  const far = ({ id }: PersonView) => (world.here.has(id) ? 0 : 1);
  return world.people
    .filter(isNamed)
    .sort((a, b) => far(a) - far(b))
    .slice(0, PEOPLE_SHOWN_MAX);
}

function whoText(person: PersonView, world: World): string {
  if (person.id === world.me.id) return "you";
  return world.here.has(person.id) ? "here" : "";
}

function personCompletion(person: PersonView, world: World, before: string): Completion {
  const detail = whoText(person, world);
  return { text: `${before}${person.name}`, label: person.name, ...(detail && { detail }), isWhole: true };
}

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

const task: Command = {
  id: "task",
  slash: "task",
  title: "Add task",
  about: "@Full Name makes it theirs, 20m at the end gives it a time box",
  words: ["todo", "to do"],
  group: "Incident",
  argument: {
    hint: "what, @who, 20m",
    question: "What is to be done?",
    isOptional: false,
    complete: (text, world) => {
      const at = /(?:^|\s)(@[\p{L}\p{M}.'’-]*(?: [\p{L}\p{M}.'’-]+)?)$/u.exec(text);
      const typed = at?.[1];
      if (typed === undefined || leadingName(typed, world.people)) return [];
      const before = text.slice(0, text.length - typed.length);
      return peopleNamed(typed, world).map((person) => ({
        ...personCompletion(person, world, `${before}@`),
        isWhole: false,
      }));
    },
  },
  isOffered: (world) => writable(world) !== null,
  plan: (argument, world) => {
    const incident = writable(world);
    if (!incident) return refused("Tasks belong to an incident.");
    const { title, owner, minutes } = readTask(argument, world.people);
    if (title === "") return refused("Say what is to be done.");
    if (title.length > TASK_TITLE_LENGTH_MAX)
      return refused(`A task's title has at most ${TASK_TITLE_LENGTH_MAX} characters.`);
    const path = incidentPath(incident.id, "tasks");
    const extra = [owner && `for ${owner.name}`, minutes && `in ${minutesText(minutes)}`].filter(Boolean).join(", ");
    return {
      kind: "calls",
      first: {
        method: "post",
        path,
        body: { title, ...(owner && { ownerId: owner.id }), ...(minutes && { minutes }) },
      },
      told: `Task added${extra && `, ${extra}`}`,
      undo: {
        calls: ([created]) => [
          { method: "patch", path: `${path}/${(created as { id: string }).id}`, body: { status: "cancelled" } },
        ],
      },
    };
  },
};

const page: Command = {
  id: "page",
  slash: "page",
  title: "Bring somebody in",
  about: "Invites a person, or a service's people, to this room; what follows the name is the message",
  words: ["page", "invite", "call"],
  group: "Roster",
  argument: {
    hint: "Ada, or checkout, and a message",
    question: "Whom, and what shall they know?",
    isOptional: false,
    complete: (text, world) => {
      const wanted = plain(text.trim().replace(/^@/, ""));
      const services = world.services
        .filter(({ name }) => plain(name).startsWith(wanted))
        .slice(0, PEOPLE_SHOWN_MAX)
        .map(({ name }) => ({ text: name, label: name, detail: "service", isWhole: true }));
      const people = peopleNamed(text, world).filter((person) => person.id !== world.me.id);
      return [...people.map((person) => personCompletion(person, world, "")), ...services];
    },
  },
  isOffered: (world) => openIncident(world) !== null,
  plan: (argument, world) => {
    const incident = openIncident(world);
    if (!incident) return refused("People are brought into an open incident.");
    const path = incidentPath(incident.id, "invitations");
    const others = world.people.filter((person) => person.id !== world.me.id);
    const services = world.services.map((service) => ({ ...service, isService: true }));
    const named = leadingName(argument, [...others, ...services]);
    const begunWith = oneOf(argument.replace(/^@/, ""), [...others, ...services], (each) => each.name);
    const found = named?.found ?? (typeof begunWith === "object" ? begunWith : null);
    if (!found) {
      if (begunWith === "several") return refused("Several names begin so. Write more of it.");
      return refused(argument ? "No person and no service begins with that name." : "Say whom: a person or a service.");
    }
    const message = named?.rest ?? "";
    const whom = "isService" in found ? { serviceId: found.id } : { userId: found.id };
    const told = "isService" in found ? `The people of ${found.name} are called in` : `${found.name} is called in`;
    return { kind: "calls", first: { method: "post", path, body: { ...whom, ...(message && { message }) } }, told };
  },
};

/** Who does what. */
export const rosterCommands: readonly Command[] = [task, role, handover, page];
