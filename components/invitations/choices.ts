export type Choice = { kind: "person" | "service"; id: string; name: string; hint: string };
type Named = { id: string; name: string };

/** What fits on a phone without scrolling far; more letters find the rest. */
export const CHOICES_MAX = 12;

/** People and services whose name holds what was typed, those that begin with it first. Pure. */
export function choicesFor(query: string, people: readonly Named[], services: readonly Named[]): Choice[] {
  const wanted = query.trim().toLowerCase();
  const all: Choice[] = [
    ...people.map(({ id, name }): Choice => ({ kind: "person", id, name, hint: "" })),
    ...services.map(({ id, name }): Choice => ({ kind: "service", id, name, hint: "service" })),
  ];
  const found = all.filter((choice) => choice.name.toLowerCase().includes(wanted));
  const begins = (choice: Choice) => Number(choice.name.toLowerCase().startsWith(wanted));
  return found.sort((a, b) => begins(b) - begins(a)).slice(0, CHOICES_MAX);
}
