/** A run of text that both have, that only the first has, or that only the second has. */
export type DiffPart = { kind: "same" | "removed" | "added"; text: string };

/**
 * Beyond this many differences the rest counts as replaced: the search costs their square,
 * a few milliseconds at this one.
 */
const DIFFERENCES_MAX = 800;

type Run = { kind: DiffPart["kind"]; tokens: readonly string[] };

/** How far one can go from each diagonal with each number of differences (Myers 1986), or null beyond the limit. */
function search(before: readonly string[], after: readonly string[]): Int32Array[] | null {
  const [n, m] = [before.length, after.length];
  const reach: Int32Array[] = [];
  let last = new Int32Array(3);
  for (let d = 0; d <= Math.min(n + m, DIFFERENCES_MAX); d += 1) {
    // Diagonal k lies at index k + d + 1; `last` was one narrower on each side.
    const now = new Int32Array(2 * d + 3);
    for (let k = -d; k <= d; k += 2) {
      const down = d === 0 ? 0 : (last[k + d + 1] ?? 0);
      const right = d === 0 ? 0 : (last[k + d - 1] ?? 0) + 1;
      const goesDown = d === 0 || k === -d || (k !== d && right - 1 < down);
      let x = goesDown ? down : right;
      while (x < n && x - k < m && before[x] === after[x - k]) x += 1;
      now[k + d + 1] = x;
      if (x >= n && x - k >= m) {
        reach.push(now);
        return reach;
      }
    }
    reach.push(now);
    last = now;
  }
  return null;
}

function walkBack(before: readonly string[], after: readonly string[], reach: readonly Int32Array[]): Run[] {
  const steps: Run[] = [];
  let [x, y] = [before.length, after.length];
  const sameUntil = (start: number) => {
    if (x > start) steps.push({ kind: "same", tokens: before.slice(start, x) });
    [x, y] = [start, y - (x - start)];
  };
  for (let d = reach.length - 1; d > 0; d -= 1) {
    const last = reach[d - 1] ?? new Int32Array(3);
    const k = x - y;
    const down = last[k + d + 1] ?? 0;
    const right = (last[k + d - 1] ?? 0) + 1;
    const goesDown = k === -d || (k !== d && right - 1 < down);
    sameUntil(goesDown ? down : right);
    if (goesDown) {
      y -= 1;
      steps.push({ kind: "added", tokens: [after[y] ?? ""] });
    } else {
      x -= 1;
      steps.push({ kind: "removed", tokens: [before[x] ?? ""] });
    }
  }
  sameUntil(0);
  return steps.reverse();
}

/** Equal starts and ends cost nothing; what lies between is searched, or replaced when it is too different. */
function runs(before: readonly string[], after: readonly string[]): Run[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const [left, right] = [before.slice(start, before.length - end), after.slice(start, after.length - end)];
  const reach = left.length > 0 && right.length > 0 ? search(left, right) : null;
  const between: Run[] = reach
    ? walkBack(left, right, reach)
    : [
        { kind: "removed", tokens: left },
        { kind: "added", tokens: right },
      ];
  return [
    { kind: "same", tokens: before.slice(0, start) },
    ...between,
    { kind: "same", tokens: before.slice(before.length - end) },
  ];
}

/** Neighbours of one kind together; between two that are the same, what went stands before what came. */
function joined(parts: readonly DiffPart[]): DiffPart[] {
  const out: DiffPart[] = [];
  let [removed, added] = ["", ""];
  const flush = () => {
    if (removed) out.push({ kind: "removed", text: removed });
    if (added) out.push({ kind: "added", text: added });
    [removed, added] = ["", ""];
  };
  for (const { kind, text } of parts) {
    if (text === "") continue;
    if (kind === "removed") removed += text;
    else if (kind === "added") added += text;
    else {
      flush();
      const last = out.at(-1);
      if (last?.kind === "same") last.text += text;
      else out.push({ kind, text });
    }
  }
  flush();
  return out;
}

const linesOf = (text: string) => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
/** Words, runs of space, and single signs; a character is never cut in two. */
const wordsOf = (text: string) => text.match(/[\p{L}\p{N}_]+|\s+|[^\p{L}\p{N}_\s]/gu) ?? [];

function asParts(list: readonly Run[]): DiffPart[] {
  return joined(list.map(({ kind, tokens }) => ({ kind, text: tokens.join("") })));
}

/**
 * What it takes to get from one text to another: by lines first, and by words inside the lines that differ. Pure.
 * The parts that are not `added`, joined, are the first text; those that are not `removed` the second.
 */
export function diffText(before: string, after: string): DiffPart[] {
  const byLines = asParts(runs(linesOf(before), linesOf(after)));
  const out: DiffPart[] = [];
  for (let at = 0; at < byLines.length; at += 1) {
    const [part, next] = [byLines[at], byLines[at + 1]];
    if (part?.kind === "removed" && next?.kind === "added") {
      out.push(...asParts(runs(wordsOf(part.text), wordsOf(next.text))));
      at += 1;
    } else if (part) {
      out.push(part);
    }
  }
  return joined(out);
}

/** How many words came and went. Pure. */
export function wordsChanged(before: string, after: string): { added: number; removed: number } {
  const count = { same: 0, added: 0, removed: 0 };
  for (const { kind, text } of diffText(before, after)) count[kind] += text.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0;
  return { added: count.added, removed: count.removed };
}
