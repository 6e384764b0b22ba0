import { incidentPath } from "#/components/room/incident-path.ts";
import { TASK_TITLE_LENGTH_MAX } from "#/server/tasks/shared/lists.ts";
import { type Command, refused } from "./command.ts";
import { openIncident, writable } from "./in-room.ts";
import { PEOPLE_SHOWN_MAX, peopleNamed, personCompletion } from "./people-completions.ts";
import { leadingName, minutesText, oneOf, plain, readTask } from "./read-arguments.ts";

/** Gives somebody something to do. */
export const task: Command = {
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

/** Calls people in. */
export const page: Command = {
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
