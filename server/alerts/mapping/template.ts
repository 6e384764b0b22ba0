import { AppError } from "#/server/platform/errors.ts";
import { type Path, pathOf, type Roots, textAt } from "./path.ts";

type Part = string | { paths: readonly Path[] };
export type Template = { source: string; parts: readonly Part[] };

const TEMPLATE_LENGTH_MAX = 1_000;

/**
 * Text with paths in braces: `{job.name}: {error}`. `{a|b}` takes the first that is there; `{{` stands for a brace.
 *
 * @throws AppError "invalid" with the place.
 */
export function templateOf(source: string): Template {
  if (source.length > TEMPLATE_LENGTH_MAX) {
    throw new AppError("invalid", `A template has at most ${TEMPLATE_LENGTH_MAX} characters.`);
  }
  const parts: Part[] = [];
  let rest = source;
  while (rest) {
    const literal = /^(?:\{\{|\}\}|[^{}])+/.exec(rest)?.[0];
    if (literal) {
      parts.push(literal.replaceAll("{{", "{").replaceAll("}}", "}"));
      rest = rest.slice(literal.length);
      continue;
    }
    const inner = /^\{([^{}]+)\}/.exec(rest);
    if (!inner?.[1]) throw new AppError("invalid", `“${source}” has a brace that is not closed.`);
    parts.push({ paths: inner[1].split("|").map((path) => pathOf(path)) });
    rest = rest.slice(inner[0].length);
  }
  return { source, parts };
}

const SEPARATORS = String.raw`[\s:,/|–-]+`;
const LEADING = new RegExp(`^${SEPARATORS}`);
const TRAILING = new RegExp(`${SEPARATORS}$`);

/** The template's own text between values; where a value is missing its brackets go, and separators at the ends. */
function tidy(text: string, isFirst: boolean, isLast: boolean): string {
  const inner = text.replace(/\(\)|\[\]/g, "");
  const begun = isFirst ? inner.replace(LEADING, "") : inner;
  return isLast ? begun.replace(TRAILING, "") : begun;
}

/**
 * The template filled in. Null when it names paths and none of them is there; a missing one among others leaves
 * no stray separator behind. What the values themselves say is never altered.
 */
export function fill(template: Template, roots: Roots): string | null {
  const values: string[] = [];
  /** The text before each value, and after the last. */
  const between = [""];
  let named = 0;
  for (const part of template.parts) {
    if (typeof part === "string") {
      between[values.length] += part;
      continue;
    }
    named++;
    const value = part.paths.map((path) => textAt(path, roots)).find((candidate) => candidate !== null);
    if (value === undefined || value === null) continue;
    values.push(value);
    between.push("");
  }
  if (named > 0 && values.length === 0) return null;
  const isWhole = values.length === named;
  const text = between
    .map((own, at) => (isWhole ? own : tidy(own, at === 0, at === values.length)) + (values[at] ?? ""))
    .join("");
  return text.trim() || null;
}
