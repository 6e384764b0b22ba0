import { incidentPath } from "#/components/room/incident-path.ts";
import { LINKS_MAX } from "#/server/incidents/shared/lists.ts";
import { NOTE_BYTES_MAX } from "#/server/timeline/shared/lists.ts";
import { type Command, refused, type World } from "./command.ts";
import { writable } from "./in-room.ts";

type NoteMark = "decision" | "follow_up";
const idIn = (answer: unknown) => (answer as { id: string }).id;

function isTooLong(text: string): boolean {
  return new TextEncoder().encode(text).length > NOTE_BYTES_MAX;
}

type Marked = {
  id: string;
  slash: string;
  title: string;
  about: string;
  question: string;
  mark: NoteMark;
  told: string;
};

/** A note with a mark. */
function marked({ mark, told, question, ...named }: Marked): Command {
  return {
    ...named,
    group: "Timeline",
    argument: { hint: "text", question, isOptional: false, complete: () => [] },
    isOffered: (world) => writable(world) !== null,
    plan: (body, world) => {
      const incident = writable(world);
      if (!incident) return refused("Notes belong to an incident.");
      if (body === "") return refused("Say what.");
      if (isTooLong(body)) return refused("A note holds at most 64 KiB.");
      const path = incidentPath(incident.id, "timeline");
      return {
        kind: "calls",
        first: { method: "post", path, body: { body, mark } },
        told,
        undo: { calls: ([note]) => [{ method: "delete", path: `${path}/${idIn(note)}` }] },
      };
    },
  };
}

/** The newest note that still has its text. */
function newestNote(world: World) {
  return world.room?.entries.findLast((entry) => entry.kind === "note" && entry.deletedAt === null);
}

const pin: Command = {
  id: "pin",
  slash: "pin",
  title: "Pin a note",
  about: "What you write, or the newest note when you write nothing",
  group: "Timeline",
  argument: {
    hint: "text, or nothing",
    question: "What? Nothing pins the newest note.",
    isOptional: true,
    complete: () => [],
  },
  isOffered: (world) => writable(world) !== null,
  plan: (body, world) => {
    const incident = writable(world);
    if (!incident) return refused("Notes belong to an incident.");
    if (isTooLong(body)) return refused("A note holds at most 64 KiB.");
    const path = incidentPath(incident.id, "timeline");
    const setPin = (id: string, pinned: boolean) => ({
      method: "patch" as const,
      path: `${path}/${id}`,
      body: { pinned },
    });
    if (body !== "") {
      return {
        kind: "calls",
        first: { method: "post", path, body: { body } },
        second: (note) => setPin(idIn(note), true),
        told: "The note is pinned",
        undo: { calls: ([note]) => [{ method: "delete", path: `${path}/${idIn(note)}` }] },
      };
    }
    const newest = newestNote(world);
    if (!newest) return refused("There is no note yet. Write what to pin.");
    return {
      kind: "calls",
      first: setPin(newest.id, true),
      told: `The note by ${newest.actor.name} is pinned`,
      undo: { calls: () => [setPin(newest.id, false)] },
    };
  },
};

const link: Command = {
  id: "link",
  slash: "link",
  title: "Add a link",
  about: "Puts it on the status board",
  words: ["bridge", "url", "dashboard"],
  group: "Timeline",
  argument: {
    hint: "https://… and its name",
    question: "Which address, and what is it?",
    isOptional: false,
    complete: () => [],
  },
  isOffered: (world) => writable(world) !== null,
  plan: (argument, world) => {
    const incident = writable(world);
    if (!incident) return refused("Links belong to an incident.");
    const [, url = "", title = ""] = /^(\S*)\s*([\s\S]*)$/.exec(argument) ?? [];
    if (!/^https?:\/\/\S+$/i.test(url) || !URL.canParse(url))
      return refused("Begin with the whole address, as https://meet.example/x.");
    if (incident.links.length >= LINKS_MAX) return refused(`An incident has at most ${LINKS_MAX} links.`);
    if (title.length > 150) return refused("A link's name has at most 150 characters.");
    const path = incidentPath(incident.id);
    const links = [...incident.links, { kind: "link", title, url }];
    return {
      kind: "calls",
      first: { method: "patch", path, body: { links } },
      told: `${title || "The link"} is on the status board`,
      undo: { calls: () => [{ method: "patch", path, body: { links: incident.links } }], expects: { links } },
    };
  },
};

/** What goes into the timeline and stays findable. */
export const timelineCommands: readonly Command[] = [
  marked({
    id: "decide",
    slash: "decide",
    title: "Record a decision",
    about: "A note, marked as a decision",
    question: "What was decided?",
    mark: "decision",
    told: "The decision is in the timeline",
  }),
  marked({
    id: "todo",
    slash: "todo",
    title: "Record a follow-up",
    about: "A note, marked as something to do after the incident",
    question: "What is to follow?",
    mark: "follow_up",
    told: "The follow-up is in the timeline",
  }),
  pin,
  link,
];
