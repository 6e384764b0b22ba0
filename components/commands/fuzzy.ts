/** Where a query was found in a text: the higher the score, the better; `ranges` are in UTF-16 code units, the end exclusive. */
export type Match = { score: number; ranges: readonly (readonly [start: number, end: number])[] };

/** A letter at the start of a word says more than one inside. */
const WORD_START = 8;
/** A run of letters says more than the same letters apart. */
const RUN = 5;
/** The very beginning of the text. */
const BEGINNING = 4;
/** Each letter skipped between two found ones. */
const GAP = 1;
/** Longer queries and texts are cut: nobody types or names so. */
const QUERY_LENGTH_MAX = 100;
const TEXT_LENGTH_MAX = 300;

/** Lower case without accents, unit by unit, so that positions stay those of the text. */
function folded(text: string): string[] {
  return Array.from({ length: text.length }, (_, at) => {
    const unit = text[at] ?? "";
    return unit.normalize("NFD").charAt(0).toLowerCase().charAt(0) || unit;
  });
}

function isWordStart(text: string, at: number): boolean {
  const before = text[at - 1];
  if (before === undefined) return true;
  if (!/[\p{L}\p{N}]/u.test(before)) return true;
  return /\p{Ll}/u.test(before) && /\p{Lu}/u.test(text[at] ?? "");
}

/** The best placing of one word's letters, in order, by dynamic programming over (letter, place). */
function matchWord(word: readonly string[], letters: readonly string[], starts: readonly boolean[]): Match | null {
  type Cell = { score: number; from: number };
  const rows: (Cell | null)[][] = [];
  for (const [index, letter] of word.entries()) {
    const before = rows[index - 1];
    // The best end of the earlier letters so far, worn by the gap since.
    let best: Cell | null = null;
    const row = letters.map((candidate, at): Cell | null => {
      const last = before?.[at - 1] ?? null;
      let cell: Cell | null = null;
      if (candidate === letter) {
        const own = (starts[at] ? WORD_START : 0) + (at === 0 ? BEGINNING : 0) + 1;
        if (!before) cell = { score: own, from: -1 };
        else if (last && (!best || last.score + RUN >= best.score))
          cell = { score: last.score + RUN + own, from: at - 1 };
        else if (best) cell = { score: best.score + own, from: best.from };
      }
      if (best) best = { score: best.score - GAP, from: best.from };
      if (last && (!best || last.score - GAP > best.score)) best = { score: last.score - GAP, from: at - 1 };
      return cell;
    });
    rows.push(row);
  }
  let end = -1;
  for (const [at, cell] of (rows.at(-1) ?? []).entries()) {
    if (cell && cell.score > (rows.at(-1)?.[end]?.score ?? Number.NEGATIVE_INFINITY)) end = at;
  }
  if (end < 0) return null;
  const places: number[] = [];
  for (let index = word.length - 1, at = end; index >= 0; index--) {
    places.unshift(at);
    at = rows[index]?.[at]?.from ?? -1;
  }
  return { score: rows.at(-1)?.[end]?.score ?? 0, ranges: places.map((at) => [at, at + 1] as const) };
}

function joined(ranges: readonly (readonly [number, number])[]): (readonly [number, number])[] {
  const out: (readonly [number, number])[] = [];
  for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = out.at(-1);
    if (last && start <= last[1]) out[out.length - 1] = [last[0], Math.max(last[1], end)];
    else out.push([start, end]);
  }
  return out;
}

/**
 * Finds the words of a query in a text, each as letters in order though not side by side; null unless all are there.
 * Case and accents do not count. An empty query is found in everything with score 0. Pure.
 */
export function fuzzyMatch(query: string, text: string): Match | null {
  const words = query.slice(0, QUERY_LENGTH_MAX).split(/\s+/).filter(Boolean);
  const shown = text.slice(0, TEXT_LENGTH_MAX);
  const letters = folded(shown);
  const starts = letters.map((_, at) => isWordStart(shown, at));
  let score = 0;
  const ranges: (readonly [number, number])[] = [];
  for (const word of words) {
    const found = matchWord(folded(word), letters, starts);
    if (!found) return null;
    // A long text holds any letters somewhere: what is found scattered is not what was meant.
    if (found.score < word.length) return null;
    score += found.score;
    ranges.push(...found.ranges);
  }
  return { score: words.length === 0 ? 0 : score - Math.min(shown.length / 50, 2), ranges: joined(ranges) };
}

export type Ranked<T> = { item: T; match: Match };

/**
 * The items that a query finds, best first. Other words of an item count less than its name and are not marked.
 * `bonus` lifts what was used lately. Equal ones keep their order. Pure.
 */
export function rank<T>(
  query: string,
  items: readonly T[],
  wordsOf: (item: T) => { name: string; others?: readonly string[]; bonus?: number },
): Ranked<T>[] {
  return items
    .flatMap((item): Ranked<T>[] => {
      const { name, others = [], bonus = 0 } = wordsOf(item);
      const own = fuzzyMatch(query, name);
      const other = others
        .map((text) => fuzzyMatch(query, text))
        .reduce<Match | null>((best, each) => (each && (!best || each.score > best.score) ? each : best), null);
      if (own) return [{ item, match: { ...own, score: Math.max(own.score, (other?.score ?? 0) * 0.7) + bonus } }];
      return other ? [{ item, match: { score: other.score * 0.7 + bonus, ranges: [] } }] : [];
    })
    .sort((a, b) => b.match.score - a.match.score);
}
