import type { SlackMessageView } from "#/server/slack/contract.ts";

type Placed = { id: string; at: string };

/** What stands after the last entry. */
export const AT_END = "end";

/**
 * The messages of the incident's Slack channel between the entries of its timeline: by the entry that each group stands
 * before, or `AT_END`. Those from before the first entry are left out while earlier entries are not here. Pure.
 */
export function foldMessages(
  entries: readonly Placed[],
  messages: readonly SlackMessageView[],
  hasEarlier: boolean,
): ReadonlyMap<string, readonly SlackMessageView[]> {
  const folds = new Map<string, SlackMessageView[]>();
  let next = 0;
  for (const message of [...messages].sort((a, b) => (a.at === b.at ? 0 : a.at < b.at ? -1 : 1))) {
    while (next < entries.length && (entries[next]?.at ?? "") <= message.at) next += 1;
    if (next === 0 && hasEarlier) continue;
    const place = entries[next]?.id ?? AT_END;
    const fold = folds.get(place);
    if (fold) fold.push(message);
    else folds.set(place, [message]);
  }
  // What was only deleted is nothing to open.
  for (const [place, fold] of folds) if (fold.every((message) => message.deletedAt)) folds.delete(place);
  return folds;
}

/** Whose talk a fold is, in a few words. Pure. */
export function foldWords(messages: readonly SlackMessageView[]): string {
  const said = messages.filter((message) => !message.deletedAt);
  const names = [...new Set(said.map((message) => message.author.name))];
  const who = names.length > 3 ? `${names.slice(0, 3).join(", ")} +${names.length - 3}` : names.join(", ");
  return `${said.length} ${said.length === 1 ? "message" : "messages"} in Slack · ${who}`;
}
