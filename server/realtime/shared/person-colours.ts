/** Colours that people are told apart by, beside their initials: `--p1` to `--p12` of the page. */
export const PERSON_COLOURS = 12;

/** The colour that somebody has while nobody else there has it: always the same, from the id alone. 1 to PERSON_COLOURS. Pure. */
export function preferredColour(id: string): number {
  let hash = 0;
  for (const letter of id) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return (hash % PERSON_COLOURS) + 1;
}

/**
 * A colour for each of those present, in the order in which they came: who has one keeps it, a newcomer gets the
 * preferred one or the next that the fewest have. So colours differ while there are enough of them. Pure.
 */
export function assignColours(
  present: readonly string[],
  before: ReadonlyMap<string, number> = new Map(),
): Map<string, number> {
  const assigned = new Map<string, number>();
  const uses = new Array<number>(PERSON_COLOURS).fill(0);
  const give = (id: string, colour: number) => {
    assigned.set(id, colour);
    uses[colour - 1] = (uses[colour - 1] ?? 0) + 1;
  };
  for (const id of present) {
    const kept = before.get(id);
    if (kept !== undefined) give(id, kept);
  }
  for (const id of present) {
    if (assigned.has(id)) continue;
    const least = Math.min(...uses);
    let at = preferredColour(id) - 1;
    while (uses[at] !== least) at = (at + 1) % PERSON_COLOURS;
    give(id, at + 1);
  }
  return assigned;
}
