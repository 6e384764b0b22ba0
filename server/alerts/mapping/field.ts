import { sha256 } from "#/server/platform/crypto.ts";
import { type ConditionScope, conditionOf, patternOf } from "./condition.ts";
import type { Field } from "./mapping.ts";
import { asText, pathOf, type Roots, valueAt } from "./path.ts";
import { plainOfSlack } from "./slack-text.ts";
import { fill, type Template, templateOf } from "./template.ts";

type Single = Exclude<Field, readonly unknown[]>;
export type Scope = {
  roots: Roots;
  names: ConditionScope;
  /** When the delivery came. */
  receivedAt?: Date;
};

const templates = new Map<string, Template>();
const TEMPLATES_KEPT_MAX = 5_000;

function compiled(source: string): Template {
  const known = templates.get(source);
  if (known) return known;
  if (templates.size >= TEMPLATES_KEPT_MAX) templates.clear();
  const made = templateOf(source);
  templates.set(source, made);
  return made;
}

function found(text: string | null, pattern: string | undefined): string | null {
  if (text === null || pattern === undefined) return text;
  const matcher = patternOf(pattern).matcher(text);
  if (!matcher.find()) return null;
  return (matcher.groupCount() > 0 ? matcher.group(1) : matcher.group())?.trim() || null;
}

function lookedUp(
  text: string | null,
  field: { values?: Record<string, string> | undefined; otherwise?: string | undefined },
): string | null {
  if (text === null || !field.values) return text || field.otherwise || null;
  const word = text.toLowerCase();
  const hit = Object.entries(field.values).find(([key]) => key.toLowerCase() === word);
  // A word with nothing beside it says nothing: the next alternative is asked.
  return (hit ? hit[1] : (field.otherwise ?? text)) || null;
}

/** Bodies are at most so deep when they are parsed; this ends the walk for values made elsewhere. */
const DEPTH_MAX = 64;

function sorted(value: unknown, depth = 0): unknown {
  if (value === null || typeof value !== "object" || depth > DEPTH_MAX) return value;
  if (Array.isArray(value)) return value.map((entry) => sorted(entry, depth + 1));
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, inner]) => [name, sorted(inner, depth + 1)]);
}

function hashed(value: unknown): string | null {
  if (value === undefined || value === null || value === "") return null;
  return sha256(JSON.stringify(sorted(value))).slice(0, 32);
}

function one(field: Single, scope: Scope): string | null {
  if (typeof field === "string") return fill(compiled(field), scope.roots);
  if ("hash" in field) return hashed(valueAt(pathOf(field.hash), scope.roots));
  if ("cel" in field) return lookedUp(asText(conditionOf(field.cel).value(scope.names)), field);
  const text = fill(compiled(field.from), scope.roots);
  return lookedUp(found(field.markup && text !== null ? plainOfSlack(text) : text, field.find), field);
}

/** What a field says of an entry: the first alternative that gives something, else null. Pure. */
export function fieldText(field: Field | undefined, scope: Scope): string | null {
  if (field === undefined) return null;
  const alternatives = Array.isArray(field) ? field : [field];
  for (const alternative of alternatives) {
    const text = one(alternative, scope);
    if (text !== null) return text;
  }
  return null;
}
