/** What fits two lines of a result. */
const EXCERPT_LENGTH = 200;
/** Words before the first match, so that it can be read in its place. */
const LEAD_LENGTH = 60;
const MATCHES_MAX = 20;

export type Excerpt = { excerpt: string; matches: { start: number; end: number }[] };

/** The words of a query, at most `max` different ones. Pure. */
export function wordsOf(query: string, max: number): string[] {
  return [...new Set(query.split(/\s+/).filter((word) => word !== ""))].slice(0, max);
}

/** A pattern for ILIKE that means exactly this word, wildcards included. Pure. */
export function likePattern(word: string): string {
  return `%${word.replace(/[\\%_]/g, "\\$&")}%`;
}

function escaped(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

function patternOf(words: readonly string[]): RegExp {
  const longestFirst = words.toSorted((one, other) => other.length - one.length);
  return new RegExp(longestFirst.map((word) => escaped(word)).join("|"), "giu");
}

/** True when any of the words occurs. Pure. */
export function hasMatch(text: string, words: readonly string[]): boolean {
  return patternOf(words).test(text);
}

/** The text around its first match, on one line, and where the matches are in it. Pure. */
export function excerptOf(text: string, words: readonly string[]): Excerpt {
  const line = text.replace(/\s+/g, " ").trim();
  const first = line.search(patternOf(words));
  const from = first > LEAD_LENGTH ? line.lastIndexOf(" ", first - LEAD_LENGTH / 2) + 1 : 0;
  const start = Math.max(from, first - LEAD_LENGTH, 0);
  const isCut = start + EXCERPT_LENGTH < line.length;
  const body = line.slice(start, start + EXCERPT_LENGTH).toWellFormed();
  const excerpt = `${start > 0 ? "… " : ""}${body}${isCut ? " …" : ""}`;
  const matches = [...excerpt.matchAll(patternOf(words))]
    .slice(0, MATCHES_MAX)
    .map((match) => ({ start: match.index, end: match.index + match[0].length }));
  return { excerpt, matches };
}
