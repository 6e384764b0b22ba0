/** A note that names more people is a list, not a call. */
export const MENTIONS_MAX = 20;

type Person = { id: string; name: string };
const isWord = (char: string | undefined) => char !== undefined && /[\p{L}\p{N}_]/u.test(char);

/**
 * The people whom a text calls by `@` and their full name, in any case, at word boundaries; of two names that fit the
 * longer one counts. People of the same name are all called. Pure.
 */
export function mentionedIn(text: string, people: readonly Person[]): Person[] {
  const byLength = people.filter((person) => person.name.trim()).sort((a, b) => b.name.length - a.name.length);
  const found = new Map<string, Person>();
  for (let at = text.indexOf("@"); at >= 0 && found.size < MENTIONS_MAX; at = text.indexOf("@", at + 1)) {
    if (isWord(text[at - 1])) continue;
    const fits = ({ name }: Person) =>
      text.slice(at + 1, at + 1 + name.length).toLowerCase() === name.toLowerCase() &&
      !isWord(text[at + 1 + name.length]);
    const longest = byLength.find(fits)?.name.length;
    for (const person of byLength) {
      if (person.name.length === longest && fits(person) && found.size < MENTIONS_MAX) found.set(person.id, person);
    }
  }
  return [...found.values()];
}
