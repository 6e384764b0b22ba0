import { MESSAGE_LENGTH_MAX } from "./shared/lists.ts";

const entities: Record<string, string> = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };

/** Undoes Slack's three escapes. Pure. */
export function unescapeSlack(text: string): string {
  return text.replace(/&(amp|lt|gt);/g, (entity) => entities[entity] ?? entity);
}

/** The people that a text mentions, by Slack's ids. Pure. */
export function mentionedIn(text: string): string[] {
  return [...new Set([...text.matchAll(/<@([A-Z0-9]+)(?:\|[^>]*)?>/g)].map(([, id = ""]) => id))];
}

function wordOf(inside: string, nameOf: (userId: string) => string | undefined): string {
  const [target = "", label] = inside.split("|", 2) as [string, string?];
  if (target.startsWith("@")) return `@${nameOf(target.slice(1)) ?? label ?? target.slice(1)}`;
  if (target.startsWith("#")) return `#${label || target.slice(1)}`;
  if (target.startsWith("!date^")) return label ?? "";
  if (target.startsWith("!subteam^")) return label ?? "@group";
  if (target.startsWith("!")) return label ?? `@${target.slice(1)}`;
  const url = target.replace(/^mailto:/, "");
  return label && label !== url ? `${label} (${url})` : url;
}

/** A message of Slack as people read it: names for ids, addresses for links, no escapes. Pure. */
export function plainSlackText(text: string, nameOf: (userId: string) => string | undefined): string {
  const plain = text.replace(/<([^<>]+)>/g, (_, inside: string) => wordOf(inside, nameOf));
  const read = unescapeSlack(plain);
  return read.length > MESSAGE_LENGTH_MAX ? `${read.slice(0, MESSAGE_LENGTH_MAX - 1).toWellFormed()}…` : read;
}
