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

/**
 * The template filled in. Null when it names paths and none of them is there; a missing one among others leaves
 * no stray separator behind.
 */
export function fill(template: Template, roots: Roots): string | null {
  let named = 0;
  let found = 0;
  let text = "";
  for (const part of template.parts) {
    if (typeof part === "string") {
      text += part;
      continue;
    }
    named++;
    const value = part.paths.map((path) => textAt(path, roots)).find((candidate) => candidate !== null);
    if (value === undefined || value === null) continue;
    found++;
    text += value;
  }
  if (named > 0 && found === 0) return null;
  const tidy = found < named ? text.replace(/^[\s:,/|–-]+|[\s:,/|–-]+$/g, "").replace(/\(\)|\[\]/g, "") : text;
  return tidy.trim() || null;
}
