import { knownSeverity } from "../mapping/severity.ts";
import type { AlertReport } from "../report.ts";
import type { AlertSeverity } from "../shared/lists.ts";
import type { Leaf } from "./leaves.ts";
import {
  descriptionNames,
  keyNames,
  linkNames,
  nameScore,
  serviceNames,
  severityNames,
  statusNames,
  THING,
  titleNames,
} from "./names.ts";
import { statusIn, statusOfPrefix, statusOfSentence } from "./status-words.ts";

type Names = typeof titleNames;

const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;
const DATE = /^\d{4}-\d\d-\d\d[T ]|^\d{9,}$/;
const ADDRESS = /^[a-z][\w+.-]*:\/\//i;
const UNRENDERED = /^(?:\$[A-Z_]+|\$?\{\{?.*\}\}?|\*[\w ]+\*)$/;
const EMPTY = new Set(["", "none", "null", "n/a", "undefined", "nil", "-", "string", "unknown"]);

function textOf(leaf: Leaf): string {
  return String(leaf.value).trim();
}

function says(leaf: Leaf): boolean {
  const text = textOf(leaf);
  return !EMPTY.has(text.toLowerCase()) && !UNRENDERED.test(text);
}

/** What scores less is worse than nothing. */
const FLOOR = 20;

/** The best leaf by its name and by what its value is worth in this part; null when none is worth anything. */
function best(leaves: readonly Leaf[], names: Names, worth: (text: string, leaf: Leaf) => number): Leaf | null {
  let chosen: Leaf | null = null;
  let high = FLOOR;
  for (const leaf of leaves) {
    const named = nameScore(names, leaf);
    if (named === 0 || !says(leaf)) continue;
    const score = named + worth(textOf(leaf), leaf);
    if (score > high) {
      high = score;
      chosen = leaf;
    }
  }
  return chosen;
}

const REFUSED = -1_000;

/** `severity: {slug: …}` and `project: {name: …}` are as good as one value. */
function lifted(leaves: readonly Leaf[], holders: ReadonlySet<string>): Leaf[] {
  return leaves.map((leaf) => {
    if (
      !holders.has(leaf.parent) ||
      !/^(?:name|full_name|path_with_namespace|title|slug|value|label|code)$/.test(leaf.name)
    )
      return leaf;
    const path = leaf.path.slice(0, -1);
    return { ...leaf, name: leaf.parent, parent: path.at(-1) ?? "", path, depth: Math.max(0, leaf.depth - 1) };
  });
}

/** A title that stands on less than this is told together with where it is. */
const FIRM_TITLE = 60;

function bestTitle(leaves: readonly Leaf[]): { leaf: Leaf; isFirm: boolean } | null {
  const worth = (text: string, { value, name, parent }: Leaf) => {
    if (typeof value !== "string" || !/\p{L}/u.test(text) || UUID.test(text) || DATE.test(text)) return REFUSED;
    if (ADDRESS.test(text)) return -60;
    const isBare = !/\s/.test(text);
    if (isBare && statusIn(text) !== null) return -50;
    const isWeak = /^(?:event|type|info|kind|reason|output|msg|cause)$/.test(name) && isBare;
    const isShort = isBare && text.length < 8 && /message|description|text|summary/.test(name);
    return (
      (isBare ? -6 : 6) -
      (text.length > 200 ? 20 : 0) -
      (isWeak ? 25 : 0) -
      (isShort ? 25 : 0) -
      (THING.has(parent) ? 25 : 0)
    );
  };
  const leaf = best(leaves, titleNames, worth);
  return leaf && { leaf, isFirm: nameScore(titleNames, leaf) + worth(textOf(leaf), leaf) >= FIRM_TITLE };
}

function firstLine(leaf: Leaf): string | null {
  return textOf(leaf).split(/\r?\n/).find(Boolean)?.trim().slice(0, 300) ?? null;
}

export function titleOf(leaves: readonly Leaf[]): string | null {
  const found = bestTitle(leaves);
  if (found?.isFirm) return firstLine(found.leaf);
  const where = serviceOf(leaves);
  const what = found ? firstLine(found.leaf) : statusLeafOf(leaves);
  const told = typeof what === "string" ? what : what ? textOf(what) : null;
  return [where, told].filter(Boolean).join(": ") || null;
}

/** The longest of what else is said; null when that is only the title again. */
export function descriptionOf(leaves: readonly Leaf[], title: string | null): string | null {
  const leaf = best(leaves, descriptionNames, (text, { value }) =>
    typeof value === "string" && text !== title && /\s/.test(text) ? Math.min(20, text.length / 20) : REFUSED,
  );
  return leaf ? textOf(leaf).slice(0, 4_000) : null;
}

export type GuessedSeverity = { severity: AlertSeverity | null; word: string | null };

const SEVERITY_HOLDERS = new Set(["severity", "priority", "urgency", "level"]);
const DOUBLES = /^(?:critical|crit|warning|warn|fatal|emergency|disaster|minor|major)$/i;

export function severityOf(leaves: readonly Leaf[]): GuessedSeverity {
  const leaf = best(lifted(leaves, SEVERITY_HOLDERS), severityNames, (text, { name }) => {
    if (text.length > 40) return REFUSED;
    if (knownSeverity(text) !== null) return 10;
    if (/^(?:no severity|normal|not set|unset|true|false)$/i.test(text)) return REFUSED;
    // A number says which way it counts only with its source at hand; a word of another language may still be one.
    return (severityNames[name.replaceAll("_", "")] ?? 0) >= 90 && !/^\d/.test(text) ? -20 : REFUSED;
  });
  // Some have one word for both: CRITICAL, WARNING, OK.
  const status = leaf ? null : statusLeafOf(leaves);
  const word = leaf ? textOf(leaf) : status && DOUBLES.test(textOf(status)) ? textOf(status) : null;
  if (word === null) return { severity: null, word };
  const tail = word.split(/[_\s]/).at(-1) ?? word;
  return { severity: knownSeverity(word) ?? knownSeverity(tail) ?? "warning", word };
}

/** Booleans whose name says what they mean. */
const TRUE_ENDS = new Set(
  "resolved is_resolved is_ok ok success successful passed recovered is_recovered closed is_closed up is_up healthy clear".split(
    " ",
  ),
);
const TRUE_BURNS = new Set(
  "firing is_firing triggered is_down down active is_active is_open is_alarm failed".split(" "),
);
const END_TIMES = new Set(
  "resolved_at closed_at ended_at recovered_at end_time resolved_date_time date_resolved".split(" "),
);

function statusOfFlag({ name, value, depth, path }: Leaf): AlertReport["status"] | null {
  const word = String(value).trim().toLowerCase();
  const yes = word === "true" || word === "1" || word === "yes";
  const no = word === "false" || word === "0" || word === "no";
  if (depth > 2 || path.some((part) => part === "project" || part === "hosts")) return null;
  if (/^(?:clear|cleared|recovered)$/.test(name) && word && !no) return "resolved";
  if (!yes && !no) return null;
  if (TRUE_ENDS.has(name)) return yes ? "resolved" : "firing";
  return TRUE_BURNS.has(name) ? (yes ? "firing" : "resolved") : null;
}

function statusLeafOf(leaves: readonly Leaf[]): Leaf | null {
  return best(leaves, statusNames, (text, { value }) =>
    typeof value === "string" && text.length <= 60 && statusIn(text) !== null ? 0 : REFUSED,
  );
}

function isEndTime({ name, value, depth }: Leaf): boolean {
  return (
    depth <= 2 && END_TIMES.has(name) && typeof value === "string" && DATE.test(value) && !value.startsWith("0001")
  );
}

/** What the state is, the surest sign first; null when nothing tells. */
export function statusOf(leaves: readonly Leaf[], title: string | null): AlertReport["status"] | null {
  const named = statusLeafOf(leaves);
  const messages = leaves
    .filter(({ name, depth }) => depth <= 1 && nameTellsTitle(name))
    .map((leaf) => textOf(leaf).slice(0, 500));
  const said = title === null ? messages : [title, ...messages];
  if (named) {
    const status = statusIn(textOf(named));
    // "Triggered" of a notification that itself says that all is well again.
    return status === "firing" && named.depth > 0 && title !== null && statusOfPrefix(title) === "resolved"
      ? "resolved"
      : status;
  }
  const told = (read: (text: string) => AlertReport["status"] | null) =>
    said.map(read).find((status) => status !== null);
  const flag = leaves.map(statusOfFlag).find((status) => status !== null);
  return told(statusOfPrefix) ?? flag ?? (leaves.some(isEndTime) ? "resolved" : null) ?? told(statusOfSentence) ?? null;
}

function nameTellsTitle(name: string): boolean {
  return name.replaceAll("_", "") in titleNames;
}

const PROBLEMS = new Set(
  "alert alerts incident issue problem monitor check fault snitch check_in error item heartbeat alarm trigger alert_group data resource_data vulnerability violation finding".split(
    " ",
  ),
);
/** What happens once and has an id of its own each time. */
const ONCE =
  /(?:^|_)(?:run|job|build|pipeline|execution|deployment|notice|occurrence|notification|delivery|webhook|suite)s?$/;

/** What names the problem at its sender, not the message about it. */
export function keyOf(leaves: readonly Leaf[]): string | null {
  const leaf = best(leaves, keyNames, (text, { name, depth, parent }) => {
    const isPlain = /^(?:id|uuid|uid|key|token|slug)$/.test(name);
    const isArn = text.startsWith("arn:");
    if (text.length > 300 || (isPlain && /\s/.test(text)) || (name === "resources" && !isArn)) return REFUSED;
    if (isPlain && (ONCE.test(parent) || /^(?:event|org)$/.test(parent))) return REFUSED;
    if (THING.has(parent) && !name.includes("_")) return REFUSED;
    // An id of the outermost object is most often the message's.
    if (name === "id" && depth === 0) return -15;
    if (name === "number") return /^(?:alert|issue|incident|problem)$/.test(parent) ? 0 : REFUSED;
    if (isArn) return 20;
    if (!isPlain) return -depth * 3;
    // People know `OPS-12`, not its number.
    const isReadable = name === "key" && /^[A-Z]+-\d+$/.test(text);
    return (
      (PROBLEMS.has(parent) && name !== "key" ? 14 : 0) +
      (isReadable ? 16 : 0) +
      (parent === "rule" ? 6 : 0) -
      depth * 3
    );
  });
  if (!leaf) return null;
  const service = leaf.name === "number" ? serviceOf(leaves) : null;
  return service ? `${service}:${textOf(leaf)}` : textOf(leaf);
}

export function serviceOf(leaves: readonly Leaf[]): string | null {
  const leaf = best(lifted(leaves, THING), serviceNames, (text, { value, name, depth }) => {
    if (typeof value !== "string" || text.length > 150 || UUID.test(text) || DATE.test(text)) return REFUSED;
    const isAddress = ADDRESS.test(text) && !/url|target|monitor/.test(name);
    return (
      (text.length > 60 ? -20 : 0) -
      depth * 5 -
      (isAddress ? 40 : 0) +
      (text.includes("/") && name === "repository" ? 2 : 0)
    );
  });
  return leaf ? textOf(leaf) : null;
}

const ASIDE = /avatar|icon|image|img|logo|unsubscribe|signing|cert|api_url|hooks?$|badge|gravatar/;

export function linkOf(leaves: readonly Leaf[]): string | null {
  const leaf = best(leaves, linkNames, (text, { name }) =>
    /^https?:\/\//i.test(text) && URL.canParse(text) && !ASIDE.test(name)
      ? /\/\/api\./.test(text)
        ? -30
        : 0
      : REFUSED,
  );
  return leaf ? textOf(leaf) : null;
}

const LABEL_HOLDERS = new Set("labels tags custom_details dimensions".split(" "));
const LABELS_MAX = 60;

export function labelsOf(leaves: readonly Leaf[]): Record<string, string> {
  const held = leaves.filter((leaf) => LABEL_HOLDERS.has(leaf.parent) && leaf.name && says(leaf));
  return Object.fromEntries(held.slice(0, LABELS_MAX).map((leaf) => [leaf.name, textOf(leaf).slice(0, 1_000)]));
}
