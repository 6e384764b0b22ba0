/** A value of an entry that is no object, with what its sender calls it. */
export type Leaf = {
  /** In lower case, words joined by `_`: `alert_name` for `alertName`, `AlertName` and `alert-name`. */
  name: string;
  /** The same of the object around it; "" at the top. */
  parent: string;
  /** All names around it, from the outside. */
  path: readonly string[];
  /** How far inside, an entry of a list counting for four more: it is one of several. */
  depth: number;
  value: string | number | boolean;
};

const DEPTH_MAX = 5;
const LEAVES_MAX = 500;
/** Of a list only the beginning is looked at: what is said of the whole stands outside, or in its first entry. */
const LIST_MAX = 60;
const UNPACKED_LENGTH_MAX = 200_000;

export function isFields(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

/** What a JSON text in a JSON text holds; any other value as it is. */
export function unpacked(value: unknown): unknown {
  if (typeof value !== "string" || value.length > UNPACKED_LENGTH_MAX || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

export function plainName(name: string): string {
  return name
    .replace(/([a-z\d])([A-Z])/g, "$1_$2")
    .replace(/([A-Z])([A-Z][a-z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[^a-z\d]+/g, "_")
    .replace(/^_+|_+$/g, "");
}

function isPair(value: unknown): value is Record<string, unknown> {
  return isFields(value) && typeof (value.key ?? value.name) === "string" && "value" in value;
}

type Place = { path: readonly string[]; lists: number };

function push(leaves: Leaf[], name: string, value: unknown, place: Place): void {
  const { path, lists } = place;
  if (leaves.length >= LEAVES_MAX || name === "__proto__") return;
  const inner = unpacked(value);
  if (typeof inner === "string" || typeof inner === "number" || typeof inner === "boolean") {
    leaves.push({
      name: plainName(name),
      parent: path.at(-1) ?? "",
      path,
      depth: path.length + 4 * lists,
      value: inner,
    });
    return;
  }
  if (inner === null || typeof inner !== "object" || path.length >= DEPTH_MAX) return;
  walk(leaves, inner, { path: [...path, plainName(name)], lists });
}

function walkList(leaves: Leaf[], list: readonly unknown[], place: Place): void {
  const own = place.path.at(-1) ?? "";
  const around = { path: place.path.slice(0, -1), lists: place.lists };
  if (list.length > 0 && list.every(isPair)) {
    for (const pair of list) push(leaves, String(pair.key ?? pair.name), pair.value, place);
    return;
  }
  const [first] = list;
  if (isFields(first)) walk(leaves, first, { path: place.path, lists: place.lists + 1 });
  else if (typeof first === "string") push(leaves, own, first, around);
  for (const entry of list) {
    const tag = typeof entry === "string" ? /^([\w.-]{1,60})[:=](.{1,200})$/.exec(entry) : null;
    if (tag?.[1] && tag[2] && !tag[2].startsWith("//")) push(leaves, tag[1], tag[2], place);
  }
}

function walk(leaves: Leaf[], value: object, place: Place): void {
  if (Array.isArray(value)) walkList(leaves, value.slice(0, LIST_MAX), place);
  else for (const [name, inner] of Object.entries(value)) push(leaves, name, inner, place);
}

/** All that an entry says, a few levels deep, JSON in text included. Pure; bounded in number and depth. */
export function leavesOf(entry: unknown): Leaf[] {
  const leaves: Leaf[] = [];
  const value = unpacked(entry);
  if (value !== null && typeof value === "object") walk(leaves, value, { path: [], lists: 0 });
  return leaves;
}
