import type { PersonView } from "#/server/incidents/contract.ts";
import type { Completion, World } from "./command.ts";
import { plain } from "./read-arguments.ts";

/** A list that is read at a glance. */
export const PEOPLE_SHOWN_MAX = 8;

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

/** A person as the way to go on after `before`. */
export function personCompletion(person: PersonView, world: World, before: string): Completion {
  const detail = whoText(person, world);
  return { text: `${before}${person.name}`, label: person.name, ...(detail && { detail }), isWhole: true };
}
