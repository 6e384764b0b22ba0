import type { Context } from "hono";
import { matches } from "#/server/alerts/index.ts";
import { AppError } from "#/server/platform/errors.ts";

type Matcher = { name: string; value: string; isRegex: boolean; isEqual: boolean };
const TEXT_LENGTH_MAX = 1_000;
const FILTERS_MAX = 50;

/** A value in quotes, with `\"`, `\\` and `\n` in it. */
function unquoted(text: string): string {
  if (!/^".*"$/s.test(text)) return text;
  return text.slice(1, -1).replace(/\\(.)/g, (_, letter: string) => (letter === "n" ? "\n" : letter));
}

/** Reads `name="value"`, `name!=value`, `name=~"pattern"` or `name!~pattern`. @throws AppError "invalid" */
export function matcherOf(text: string): Matcher {
  const match = /^\s*\{?\s*("?[\w.:-]+"?)\s*(=~|!~|!=|=)\s*(.*?)\s*\}?\s*$/s.exec(text.slice(0, TEXT_LENGTH_MAX));
  const [, name, operator, value = ""] = match ?? [];
  if (!name || !operator) throw new AppError("invalid", `bad matcher format: ${text.slice(0, 100)}`);
  const matcher = {
    name: unquoted(name),
    value: unquoted(value),
    isRegex: operator.endsWith("~"),
    isEqual: !operator.startsWith("!"),
  };
  // Reads its pattern, which may be none.
  matches(matcher, {});
  return matcher;
}

/** The filters of a request, `?filter=a="b"&filter=c=~"d"`. @throws AppError "invalid" */
export function matchersIn(c: Context): Matcher[] {
  return (c.req.queries("filter") ?? []).slice(0, FILTERS_MAX).map(matcherOf);
}
