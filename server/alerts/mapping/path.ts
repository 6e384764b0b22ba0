import { AppError } from "#/server/platform/errors.ts";

/** A step of a path: a key, a place in a list, every entry of a list, every value, or the entry whose field has a value. */
type Step =
  | { kind: "key"; key: string }
  | { kind: "index"; index: number }
  | { kind: "each" }
  | { kind: "any" }
  | { kind: "where"; field: string; value: string };
export type Path = { source: string; root: string | null; steps: readonly Step[] };

const PATH_LENGTH_MAX = 300;
const EACH_MAX = 100;
/** JSON inside a JSON string inside a JSON string: nobody sends more. */
const UNPACKED_MAX = 3;

const TOKEN = /^(?:\["((?:\\.|[^"\\])*)"\]|\[(\d+)\]|\[\]|\[\*\]|\[([^\]="]+)=([^\]]*)\]|\.?([^.[\]"{}|]+))/;

function stepOf(match: RegExpExecArray): Step {
  const [token, quoted, index, field, value, key] = match;
  if (quoted !== undefined) return { kind: "key", key: quoted.replace(/\\(.)/g, "$1") };
  if (index !== undefined) return { kind: "index", index: Number(index) };
  if (field !== undefined) return { kind: "where", field: field.trim(), value: (value ?? "").trim() };
  if (key !== undefined) return { kind: "key", key: key.trim() };
  if (token === "[]") return { kind: "each" };
  if (token === "[*]") return { kind: "any" };
  throw new AppError("invalid", `“${token}” is no step of a path.`);
}

/**
 * Reads a path: `a.b`, `a["key with. dots"]`, `a[0]`, `a[]` (every entry), `a[*]` (every value
 * of an object or a list), `a[key=severity].value` (the entry whose
 * `key` is `severity`). A first step that starts with `$` names a root: `$body`, `$headers`, `$query`, `$route`,
 * `$labels`, and `$fingerprint` (of the labels, as Prometheus counts it).
 *
 * @throws AppError "invalid" with the place.
 */
export function pathOf(source: string): Path {
  if (source.length > PATH_LENGTH_MAX)
    throw new AppError("invalid", `A path has at most ${PATH_LENGTH_MAX} characters.`);
  const steps: Step[] = [];
  let rest = source.trim();
  while (rest) {
    const match = TOKEN.exec(rest);
    if (!match) throw new AppError("invalid", `The path “${source}” cannot be read at “${rest.slice(0, 20)}”.`);
    steps.push(stepOf(match));
    rest = rest.slice(match[0].length);
  }
  const [first] = steps;
  if (first?.kind === "key" && first.key.startsWith("$"))
    return { source, root: first.key.slice(1), steps: steps.slice(1) };
  return { source, root: null, steps };
}

/** Some senders put JSON into a string of their JSON (SNS, Huawei, Ansible): a path goes on inside it. */
function unpacked(value: unknown, depth = 0): unknown {
  if (typeof value !== "string" || depth >= UNPACKED_MAX || !/^\s*[[{]/.test(value)) return value;
  try {
    return unpacked(JSON.parse(value), depth + 1);
  } catch {
    return value;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

function own(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

function take(from: unknown, steps: readonly Step[], at: number): unknown {
  const step = steps[at];
  if (!step) return from;
  const value = unpacked(from);
  if (step.kind === "key") return take(own(value, step.key), steps, at + 1);
  const list = step.kind === "any" && isObject(value) ? Object.values(value) : value;
  if (!Array.isArray(list)) return undefined;
  if (step.kind === "index") return take(list[step.index], steps, at + 1);
  if (step.kind === "where") {
    return take(
      list.find((entry) => String(own(entry, step.field)) === step.value),
      steps,
      at + 1,
    );
  }
  return list
    .slice(0, EACH_MAX)
    .map((entry) => take(entry, steps, at + 1))
    .filter((entry) => entry !== undefined);
}

export type Roots = {
  item: unknown;
  body: unknown;
  headers: unknown;
  query: unknown;
  route: unknown;
  labels?: unknown;
  /** Names the labels as Prometheus does. */
  readonly fingerprint?: unknown;
};

function rawAt(path: Path, roots: Roots): unknown {
  return take(path.root === null ? roots.item : own(roots, path.root), path.steps, 0);
}

/** What lies at a path; undefined when nothing does. Never looks at inherited properties. */
export function valueAt(path: Path, roots: Roots): unknown {
  return unpacked(rawAt(path, roots));
}

/** The same as text: numbers and booleans as they are written, lists by commas; null for nothing, and for objects. */
export function textAt(path: Path, roots: Roots): string | null {
  return asText(rawAt(path, roots));
}

export function asText(value: unknown): string | null {
  if (typeof value === "string") return value.trim() || null;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  if (Array.isArray(value)) {
    const parts = value.map(asText).filter((part) => part !== null);
    return parts.length > 0 ? parts.join(", ") : null;
  }
  return null;
}
