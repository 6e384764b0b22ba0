import type { PersonView } from "#/server/incidents/contract.ts";
import { activeStatuses, type Severity, severities } from "#/server/incidents/shared/lists.ts";

/** What was read, or why it could not be, in words that say what to type. */
export type Read<T> = { ok: true; value: T } | { ok: false; problem: string };

const MINUTE_MS = 60_000;
/** A week: what is further away is a date, not a countdown. */
export const MINUTES_MAX = 7 * 24 * 60;

function bad(problem: string): { ok: false; problem: string } {
  return { ok: false, problem };
}

/** Lower case without accents: `Kovač` is found by `kovac`. */
export function plain(text: string): string {
  return text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
}

/** The one item that is named so, or begins so. */
export function oneOf<T>(text: string, items: readonly T[], nameOf: (item: T) => string): T | "none" | "several" {
  const wanted = plain(text.trim());
  if (wanted === "") return "none";
  const exact = items.find((item) => plain(nameOf(item)) === wanted);
  if (exact !== undefined) return exact;
  const begun = items.filter((item) => plain(nameOf(item)).startsWith(wanted));
  if (begun.length > 1) return "several";
  return begun[0] ?? "none";
}

/** `SEV2`, `sev2` or `2`. Pure. */
export function readSeverity(text: string): Read<Severity> {
  const wanted = text
    .trim()
    .toUpperCase()
    .replace(/^SEV\s*/, "");
  const value = severities.find((each) => each === `SEV${wanted}`);
  return value ? { ok: true, value } : bad("Say SEV1 (worst) to SEV5.");
}

/** A status of work, or `resolved`; its beginning is enough. Pure. */
export function readStatus(text: string): Read<(typeof activeStatuses)[number] | "resolved"> {
  const value = oneOf(text, [...activeStatuses, "resolved"] as const, (each) => each);
  if (value === "none" || value === "several") return bad("Say investigating, identified, monitoring or resolved.");
  return { ok: true, value };
}

const DURATION = /^(?:(\d{1,5})\s*h(?:ours?)?)?\s*(?:(\d{1,5})\s*(?:m|min|minutes?)?)?$/i;

/** `20m`, `20`, `1h`, `1h30`, `1 h 30 min` as whole minutes. Pure. */
export function readMinutes(text: string): Read<number> {
  const [all, hours = "0", minutes = "0"] = DURATION.exec(text.trim()) ?? [];
  const value = Number(hours) * 60 + Number(minutes);
  if (!all || value < 1) return bad("Say how long: 20m, 1h or 1h30.");
  if (value > MINUTES_MAX) return bad("A week at most.");
  return { ok: true, value };
}

/** Minutes as people write them: `20 min`, `1 h 30 min`. Pure. */
export function minutesText(minutes: number): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return [hours > 0 && `${hours} h`, (rest > 0 || hours === 0) && `${rest} min`].filter(Boolean).join(" ");
}

/** An instant so many minutes from now. Pure. */
export function minutesFrom(now: number, minutes: number): string {
  return new Date(now + minutes * MINUTE_MS).toISOString();
}

export type Named = { id: string; name: string };

/** True when a text goes on after a name, or ends with it. */
function endsWord(text: string, length: number): boolean {
  const next = text[length];
  return next === undefined || !/[\p{L}\p{N}]/u.test(next);
}

/** A name at the beginning of a text, the longest that fits, and what follows it. An `@` before it does not matter. Pure. */
export function leadingName<T extends Named>(text: string, all: readonly T[]): { found: T; rest: string } | null {
  const from = text.trimStart().replace(/^@/, "");
  const found = all
    .filter(({ name }) => plain(from.slice(0, name.length)) === plain(name) && endsWord(from, name.length))
    .sort((a, b) => b.name.length - a.name.length)[0];
  return found ? { found, rest: from.slice(found.name.length).trim() } : null;
}

/** A person by their whole name, by how it begins, or `me`; nothing may follow. Pure. */
export function readPerson(text: string, people: readonly PersonView[], me: PersonView): Read<PersonView> {
  const wanted = text.trim().replace(/^@/, "");
  if (plain(wanted) === "me") return { ok: true, value: me };
  const value = oneOf(wanted, people, (person) => person.name);
  if (value === "none") return bad(wanted ? `Nobody here is called ${wanted}.` : "Say who.");
  if (value === "several") return bad(`Several people's names begin with ${wanted}. Write more of it.`);
  return { ok: true, value };
}

/** What a task's line says: the title, and anywhere in it `@Full Name` for its owner; at its end `20m` for its time box. Pure. */
export function readTask(
  text: string,
  people: readonly PersonView[],
): { title: string; owner: PersonView | null; minutes: number | null } {
  let title = text.trim();
  let owner: PersonView | null = null;
  for (const { index } of title.matchAll(/(?<![\p{L}\p{N}])@/gu)) {
    const named = leadingName(title.slice(index), people);
    if (!named) continue;
    owner = named.found;
    title = `${title.slice(0, index).trim()} ${named.rest}`.trim();
    break;
  }
  const [, before, box] =
    /^([\s\S]*\S)\s+((?:\d{1,5}\s*h(?:\s*\d{1,2}(?:\s*m(?:in)?)?)?)|(?:\d{1,5}\s*m(?:in)?))$/i.exec(title) ?? [];
  const minutes = box ? readMinutes(box) : null;
  if (!before || !minutes?.ok) return { title, owner, minutes: null };
  return { title: before, owner, minutes: minutes.value };
}
