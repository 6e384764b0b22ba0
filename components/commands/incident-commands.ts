import { statusWords } from "#/components/incidents/words.ts";
import { incidentPath } from "#/components/room/incident-path.ts";
import type { IncidentView } from "#/server/incidents/contract.ts";
import { activeStatuses, isOpen, PROSE_LENGTH_MAX } from "#/server/incidents/shared/lists.ts";
import { type Command, type Plan, refused, type Undo } from "./command.ts";
import { begun, severityArgument } from "./complete-arguments.ts";
import { inRoom, writable } from "./in-room.ts";
import { minutesFrom, minutesText, plain, readMinutes, readSeverity, readStatus } from "./read-arguments.ts";
import { triageCommands } from "./triage-commands.ts";

/** What teams promise: a worst case every ten minutes, the usual half hour, and the long haul. */
const usualMinutes = [10, 15, 20, 30, 60, 120] as const;

function isActive(incident: IncidentView | null): boolean {
  return incident !== null && activeStatuses.some((each) => each === incident.status);
}

/** One PATCH of the incident, taken back by putting the former value there, unless somebody changed it since. */
function patch(incident: IncidentView, change: Partial<IncidentView>, told: string): Plan {
  const path = incidentPath(incident.id);
  const before = Object.fromEntries(Object.keys(change).map((field) => [field, incident[field as keyof IncidentView]]));
  const undo: Undo = { calls: () => [{ method: "patch", path, body: before }], expects: change };
  return { kind: "calls", first: { method: "patch", path, body: change }, told, undo };
}

const statusHints = {
  investigating: "We look for the cause.",
  identified: "The cause is known, the fix is not in yet.",
  monitoring: "The fix is in; we watch.",
  resolved: "Asks what fixed it.",
} as const;

const status: Command = {
  id: "status",
  slash: "status",
  title: "Change status",
  about: "Where the incident stands",
  group: "Incident",
  argument: {
    hint: "investigating, identified, monitoring, resolved",
    question: "Which status?",
    isOptional: false,
    complete: (text) =>
      begun(
        text,
        ([...activeStatuses, "resolved"] as const).map((each) => ({
          text: each,
          label: statusWords[each],
          detail: statusHints[each],
          isWhole: true,
        })),
      ),
  },
  isOffered: (world) => isActive(writable(world)),
  plan: (argument, world) =>
    inRoom(world, (incident) => {
      const read = readStatus(argument);
      if (!read.ok) return refused(read.problem);
      if (read.value === "resolved") return { kind: "show", what: "resolve" };
      if (read.value === incident.status) return refused(`It is ${read.value} already.`);
      return patch(incident, { status: read.value }, `Status is ${statusWords[read.value]}`);
    }),
};

const severity: Command = {
  id: "severity",
  slash: "sev",
  title: "Change severity",
  about: "How bad it is",
  words: ["severity"],
  group: "Incident",
  argument: severityArgument,
  isOffered: (world) => {
    const incident = writable(world);
    return incident !== null && (isOpen(incident.status) || incident.status === "resolved");
  },
  plan: (argument, world) =>
    inRoom(world, (incident) => {
      const read = readSeverity(argument);
      if (!read.ok) return refused(read.problem);
      if (read.value === incident.severity) return refused(`It is ${read.value} already.`);
      return patch(incident, { severity: read.value }, `Severity is ${read.value}`);
    }),
};

const update: Command = {
  id: "update",
  slash: "update",
  title: "Write an update",
  about: "Opens the composer; what you type here goes into the draft",
  words: ["publish update", "status page", "stakeholders"],
  group: "Incident",
  argument: {
    hint: "text, if you have it",
    question: "What should people know?",
    isOptional: true,
    complete: () => [],
  },
  isOffered: (world) => writable(world) !== null,
  plan: (argument) => ({ kind: "show", what: "update", ...(argument && { text: argument }) }),
};

const holding: Command = {
  id: "holding",
  slash: "holding",
  title: "Holding statement",
  about: "Opens the composer with the first word: that it is being looked at",
  words: ["first update", "publish", "acknowledge in public"],
  group: "Incident",
  isOffered: (world) => {
    const incident = writable(world);
    return incident !== null && isOpen(incident.status);
  },
  plan: () => ({ kind: "show", what: "holding" }),
};

const next: Command = {
  id: "next",
  slash: "next",
  title: "Next update in…",
  about: "When people were promised to hear again",
  words: ["countdown", "due"],
  group: "Incident",
  argument: {
    hint: "20m, 1h, or none",
    question: "In how long?",
    isOptional: false,
    complete: (text, world) => [
      ...usualMinutes
        .map((minutes) => ({
          text: minutes < 60 ? `${minutes}m` : `${minutes / 60}h`,
          label: minutesText(minutes),
          isWhole: true,
        }))
        .filter((each) => each.text.startsWith(text.trim())),
      ...(world.room?.incident.nextUpdateDueAt && "none".startsWith(plain(text.trim()))
        ? [{ text: "none", label: "No next update", isWhole: true }]
        : []),
    ],
  },
  isOffered: (world) => isOpen(writable(world)?.status ?? "closed"),
  plan: (argument, world) =>
    inRoom(world, (incident) => {
      if (plain(argument) === "none") return patch(incident, { nextUpdateDueAt: null }, "No next update is promised");
      const read = readMinutes(argument);
      if (!read.ok) return refused(read.problem);
      const due = minutesFrom(world.now, read.value);
      return patch(incident, { nextUpdateDueAt: due }, `The next update is due in ${minutesText(read.value)}`);
    }),
};

const resolve: Command = {
  id: "resolve",
  slash: "resolve",
  title: "Resolve",
  about: "Without a word on what fixed it, the dialog asks",
  words: ["fixed", "done", "over"],
  group: "Incident",
  argument: { hint: "what fixed it", question: "What fixed it?", isOptional: true, complete: () => [] },
  isOffered: (world) => isActive(writable(world)),
  plan: (argument, world) =>
    inRoom(world, (incident) => {
      if (!argument) return { kind: "show", what: "resolve" };
      if (argument.length > PROSE_LENGTH_MAX) return refused(`At most ${PROSE_LENGTH_MAX} characters.`);
      const path = incidentPath(incident.id);
      const back: Undo["calls"] = () => [
        { method: "post", path: incidentPath(incident.id, "reopen") },
        ...(incident.status === "investigating"
          ? []
          : [{ method: "patch" as const, path, body: { status: incident.status } }]),
      ];
      return {
        kind: "calls",
        first: { method: "post", path: incidentPath(incident.id, "resolve"), body: { summary: argument } },
        told: `${incident.reference} is resolved. Nothing was published by it.`,
        undo: { calls: back, expects: { status: "resolved" } },
      };
    }),
};

const merge: Command = {
  id: "merge",
  title: "Merge into…",
  about: "Its alerts go to another open incident",
  group: "Incident",
  argument: { hint: "INC-42", question: "Into which incident? Its reference.", isOptional: false, complete: () => [] },
  isOffered: (world) => isOpen(writable(world)?.status ?? "closed"),
  plan: (argument, world) =>
    inRoom(world, (incident) => {
      if (!argument) return refused("Say its reference, as INC-42.");
      const into = argument.toUpperCase();
      if (into === incident.reference) return refused("That is this incident.");
      return {
        kind: "calls",
        first: { method: "post", path: incidentPath(incident.id, "merge"), body: { into } },
        told: `${incident.reference} is merged into ${into}`,
        undo: { calls: () => [{ method: "post", path: incidentPath(incident.reference, "unmerge") }] },
      };
    }),
};

/** A step of the life of an incident that needs no word. */
function step(id: "reopen" | "close", title: string, about: string, from: readonly string[], told: string): Command {
  return {
    id,
    title,
    about,
    group: "Incident",
    isOffered: (world) => from.includes(writable(world)?.status ?? ""),
    plan: (_, world) =>
      inRoom(world, (incident) => ({
        kind: "calls",
        first: { method: "post", path: incidentPath(incident.id, id) },
        told: `${incident.reference} is ${told}`,
        ...(id === "close" && {
          undo: {
            calls: () => [
              { method: "post" as const, path: incidentPath(incident.id, "reopen") },
              {
                method: "post" as const,
                path: incidentPath(incident.id, "resolve"),
                body: { summary: incident.resolution },
              },
            ],
            expects: { status: "closed" as const },
          },
        }),
      })),
  };
}

/** What changes an incident as a whole. */
export const incidentCommands: readonly Command[] = [
  ...triageCommands,
  status,
  severity,
  update,
  holding,
  next,
  resolve,
  step("reopen", "Reopen", "Takes it up again", ["resolved", "closed", "declined"], "open again"),
  step("close", "Close", "Nothing more will be written", ["resolved"], "closed"),
  merge,
];
