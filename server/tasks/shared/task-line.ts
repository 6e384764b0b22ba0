import { TASK_MINUTES_MAX } from "./lists.ts";

type Person = { id: string; name: string };
/** What a line says: the words that are left, whom it names and how long the time box is. */
export type TaskLine = { title: string; ownerId: string | null; minutes: number | null };

const MINUTES = String.raw`(\d{1,5})\s?m(?:in|inutes?)?`;
const BOX = new RegExp(String.raw`(?:^|\s)(?:(\d{1,3})\s?h(?:ours?)?(?:\s?${MINUTES})?|${MINUTES})$`, "i");

function minutesIn(text: string): { rest: string; minutes: number } | null {
  const found = BOX.exec(text);
  if (!found) return null;
  const minutes = Number(found[1] ?? 0) * 60 + Number(found[2] ?? found[3] ?? 0);
  if (minutes < 1 || minutes > TASK_MINUTES_MAX) return null;
  return { rest: text.slice(0, found.index).trimEnd(), minutes };
}

/** How a person may be called: by the whole name, and by its first word when nobody else has it. */
function callsOf(people: readonly Person[]): { call: string; id: string }[] {
  const first = (name: string) => name.trim().split(/\s+/)[0]?.toLowerCase() ?? "";
  const wholes = people.map(({ id, name }) => ({ call: name.trim().toLowerCase(), id }));
  const shorts = people.map(({ id, name }) => ({ call: first(name), id }));
  const calls = [
    ...wholes,
    ...shorts.filter(({ call, id }) => !wholes.some((each) => each.call === call && each.id === id)),
  ];
  const isAlone = ({ call, id }: { call: string; id: string }) =>
    call !== "" && calls.every((each) => each.call !== call || each.id === id);
  return calls.filter(isAlone).sort((a, b) => b.call.length - a.call.length);
}

function mentionIn(text: string, people: readonly Person[]): { rest: string; ownerId: string } | null {
  const calls = callsOf(people);
  const lower = text.toLowerCase();
  for (let at = lower.lastIndexOf("@"); at >= 0; at = at > 0 ? lower.lastIndexOf("@", at - 1) : -1) {
    if (at > 0 && !/\s/.test(lower[at - 1] ?? "")) continue;
    const said = lower.slice(at + 1);
    const found = calls.find(({ call }) => said.startsWith(call) && !/[\p{L}\p{N}]/u.test(said.charAt(call.length)));
    if (!found) continue;
    const behind = text.slice(at + 1 + found.call.length).trimStart();
    const space = /^[,;.:]/.test(behind) ? "" : " ";
    return { rest: `${text.slice(0, at).trimEnd()}${space}${behind}`.trim(), ownerId: found.id };
  }
  return null;
}

/**
 * Reads a task as people type it in a hurry: `restart pods @Lin 10m`. Pure.
 * The time box stands at the end, also before the name; a name that nobody or several have stays in the words,
 * and so does everything when nothing else is left for a title.
 */
export function parseTaskLine(line: string, people: readonly Person[]): TaskLine {
  const text = line.trim();
  const before = minutesIn(text);
  const mention = mentionIn(before?.rest ?? text, people);
  const after = before ? null : minutesIn(mention?.rest ?? text);
  const title = after?.rest ?? mention?.rest ?? before?.rest ?? text;
  if (title === "") return { title: text, ownerId: null, minutes: null };
  return { title, ownerId: mention?.ownerId ?? null, minutes: before?.minutes ?? after?.minutes ?? null };
}
