import { incidentPath } from "#/components/room/incident-path.ts";
import type { IncidentChangeView } from "#/server/changes/contract.ts";
import { type Command, refused, type World } from "./command.ts";
import { writable } from "./in-room.ts";
import { plain } from "./read-arguments.ts";

function listed(world: World): readonly IncidentChangeView[] {
  return world.room?.changes.items.filter(({ isSuspect }) => !isSuspect) ?? [];
}

/** Those whose title holds what is typed. */
function matching(text: string, world: World): IncidentChangeView[] {
  return listed(world).filter(({ title }) => plain(title).includes(plain(text.trim())));
}

const suspect: Command = {
  id: "suspect",
  slash: "suspect",
  title: "Suspect a change",
  about: "Attaches a deployment or another change to the timeline",
  words: ["deploy", "release", "what changed", "attach"],
  group: "Timeline",
  argument: {
    hint: "title of a change",
    question: "Which change?",
    isOptional: false,
    complete: (text, world) =>
      matching(text, world).map(({ title, reason }) => ({ text: title, label: title, detail: reason, isWhole: true })),
  },
  isOffered: (world) => writable(world) !== null && listed(world).length > 0,
  plan: (argument, world) => {
    const incident = writable(world);
    if (!incident) return refused("Changes belong to an incident.");
    const found = matching(argument, world);
    const exact = found.find(({ title }) => plain(title.trim()) === plain(argument.trim()));
    const change = exact ?? (found.length === 1 ? found[0] : undefined);
    if (!change) return refused(found.length === 0 ? "No change here has that title." : "Write more of its title.");
    const path = incidentPath(incident.id, "changes", change.id, "suspect");
    return {
      kind: "calls",
      first: { method: "put", path },
      told: `${change.title} is in the timeline`,
      undo: { calls: () => [{ method: "delete", path }] },
    };
  },
};

/** What is done with the changes around an incident. */
export const changeCommands: readonly Command[] = [suspect];
