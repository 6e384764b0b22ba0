import { preferredColour } from "#/server/realtime/shared/person-colours.ts";

/** The colours of those who are in this page's room; the server gives them, so that they differ. */
const present = new Map<string, number>();

/** Takes the colours of those present; others keep what they had here. */
export function setPersonColours(people: readonly { userId: string; colour: number }[]): void {
  for (const { userId, colour } of people) present.set(userId, colour);
}

/** The number of a person's colour, of `--p1` to `--p12`: for avatars and cursors alike. */
export function personColour(id: string): number {
  return present.get(id) ?? preferredColour(id);
}
