import type { SearchHitView } from "#/server/search/contract.ts";
import type { Command, Completion, World } from "./command.ts";
import { completionsOf, isComplete, offered } from "./commands.ts";
import { type Match, rank } from "./fuzzy.ts";
import { keysOf } from "./key-table.ts";

export type Option = {
  key: string;
  label: string;
  /** Where the query was found in the label. */
  ranges: Match["ranges"];
  detail?: string;
  keys?: readonly string[];
  choice:
    | { kind: "command"; command: Command }
    | { kind: "go"; href: string }
    | { kind: "completion"; completion: Completion };
};
export type Group = { name: string; options: Option[] };

/** More than these nobody reads: another letter finds better. */
const FOUND_MAX = 12;
/** What was used lately wins over what fits a little better. */
const RECENT_BONUS = 6;
const groupOrder: readonly Command["group"][] = ["Incident", "Roster", "Timeline", "This page", "Go to"];

function commandOption(command: Command, ranges: Match["ranges"] = []): Option {
  const keys = keysOf(command.id);
  return {
    key: command.id,
    label: command.title,
    ranges,
    ...(command.about && { detail: command.about }),
    ...(keys ? { keys } : command.slash && { keys: [`/${command.slash}`] }),
    choice: { kind: "command", command },
  };
}

/** The commands that a query finds; without one all of them, the recent first. Pure. */
export function commandGroups(query: string, world: World, recent: readonly string[]): Group[] {
  const all = offered(world);
  const asked = query.trim().replace(/^\//, "");
  if (asked !== "") {
    const found = rank(asked, all, ({ id, title, slash, words = [], group }) => ({
      name: title,
      others: [...(slash ? [slash] : []), ...words, group],
      bonus: recent.includes(id) ? RECENT_BONUS : 0,
    }));
    const options = found.slice(0, FOUND_MAX).map(({ item, match }) => commandOption(item, match.ranges));
    return options.length > 0 ? [{ name: "Commands", options }] : [];
  }
  const lately = recent.flatMap((id) => all.find((command) => command.id === id) ?? []);
  const rest = all.filter((command) => !lately.includes(command));
  return [
    { name: "Recent", options: lately.map((command) => commandOption(command)) },
    ...groupOrder.map((name) => ({
      name,
      options: rest.filter((command) => command.group === name).map((command) => commandOption(command)),
    })),
  ].filter((group) => group.options.length > 0);
}

const kindWords = {
  incident: "incident",
  note: "note",
  alert: "alert",
  message: "Slack",
  maintenance: "maintenance",
} as const;

/** Where a hit is read. Pure. */
function placeOf(hit: SearchHitView): string {
  const room = hit.incident ? `/incidents/${encodeURIComponent(hit.incident.reference)}` : null;
  const found = hit.matches[0] ? hit.excerpt.slice(hit.matches[0].start, hit.matches[0].end) : "";
  if (hit.kind === "maintenance") return `/maintenance/${hit.id}`;
  if (hit.kind === "message") return `${room}?find=${encodeURIComponent(found)}`;
  if (hit.kind === "note") return `${room}#t=${hit.id}`;
  return room ?? `/alerts?q=${encodeURIComponent(hit.title)}`;
}

/** What the server found, as places to go to. Pure. */
export function hitGroup(hits: readonly SearchHitView[]): Group[] {
  const options = hits.map((hit): Option => {
    const isExcerpt = hit.field !== "title" && hit.field !== "reference";
    const where = [hit.incident?.reference, kindWords[hit.kind], isExcerpt && hit.excerpt].filter(Boolean).join(" · ");
    return {
      key: `${hit.kind} ${hit.id}`,
      label: hit.title,
      ranges:
        hit.field === "title" && hit.excerpt === hit.title ? hit.matches.map(({ start, end }) => [start, end]) : [],
      detail: where,
      choice: { kind: "go", href: placeOf(hit) },
    };
  });
  return options.length > 0 ? [{ name: "Found", options }] : [];
}

/** The ways to go on with a command's argument. Pure. */
export function completionOptions(command: Command, argument: string, world: World): Option[] {
  return completionsOf(command, argument, world).map(
    (completion): Option => ({
      key: completion.text,
      label: completion.label,
      ranges: [],
      ...(completion.detail && { detail: completion.detail }),
      choice: { kind: "completion", completion },
    }),
  );
}

/** The same as the one group of the palette's second step. Pure. */
export function completionGroup(command: Command, argument: string, world: World): Group[] {
  const options = completionOptions(command, argument, world);
  return options.length > 0 ? [{ name: command.title, options }] : [];
}

/** Which option is marked before any arrow: none when what is typed is enough by itself. Pure. */
export function firstMarked(groups: readonly Group[], command: Command | null, argument: string, world: World): number {
  const [first] = groups[0]?.options ?? [];
  if (!first) return -1;
  const isPart = first.choice.kind === "completion" && !first.choice.completion.isWhole;
  return command && !isPart && isComplete(command, argument, world) ? -1 : 0;
}
