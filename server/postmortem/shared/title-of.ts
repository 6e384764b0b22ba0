import { ACTION_ITEM_TITLE_LENGTH_MAX } from "./lists.ts";

/** The first line of a note that says something, without Markdown's signs, as long as a title may be. Pure. */
export function titleOf(markdown: string): string {
  const lines = markdown.split("\n").map((line) =>
    line
      .replace(/^\s*(?:#{1,6}\s+|>\s*|[-*+]\s+(?:\[[ xX]\]\s+)?|\d+[.)]\s+)*/, "")
      .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
      .replace(/[*_`~]+/g, "")
      .trim(),
  );
  const line = lines.find((each) => /[\p{L}\p{N}]/u.test(each)) ?? "Follow up on a note";
  if (line.length <= ACTION_ITEM_TITLE_LENGTH_MAX) return line;
  return `${line.slice(0, ACTION_ITEM_TITLE_LENGTH_MAX - 1).toWellFormed()}…`;
}
