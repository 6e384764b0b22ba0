import type { PersonHere } from "./contract.ts";
import { assignColours } from "./shared/person-colours.ts";

/** One tab in a room. */
export type TabHere = { userId: string; name: string; since: string; isIdle: boolean };

/**
 * Who is in a room by its tabs, in the order in which they came: one entry a person, idle only when all their tabs
 * are. Colours that were given before stay. Pure.
 */
export function peopleHere(tabs: readonly TabHere[], colours?: ReadonlyMap<string, number>): PersonHere[] {
  const people = new Map<string, Omit<PersonHere, "colour">>();
  for (const { userId, name, since, isIdle } of tabs) {
    const known = people.get(userId);
    const first = known && known.since < since ? known.since : since;
    people.set(userId, { userId, name, since: first, idle: isIdle && (known?.idle ?? true) });
  }
  const inOrder = [...people.values()].sort(
    (a, b) => a.since.localeCompare(b.since) || a.userId.localeCompare(b.userId),
  );
  const given = assignColours(
    inOrder.map(({ userId }) => userId),
    colours,
  );
  return inOrder.map((person) => ({ ...person, colour: given.get(person.userId) ?? 1 }));
}
