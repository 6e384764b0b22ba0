import { fieldText, type Scope } from "./field.ts";
import type { AlertMapping } from "./mapping.ts";
import { asText, pathOf, valueAt } from "./path.ts";

/** More labels than this nobody reads; Kubernetes sends about forty. */
export const LABELS_MAX = 100;
const NAME_LENGTH_MAX = 100;
const VALUE_LENGTH_MAX = 1_000;

type Entry = readonly [string, string];

function fromPair(entry: unknown): Entry[] {
  if (typeof entry === "string") {
    const at = entry.search(/[:=]/);
    return at > 0 ? [[entry.slice(0, at).trim(), entry.slice(at + 1).trim()]] : [[entry, "true"]];
  }
  if (entry === null || typeof entry !== "object") return [];
  const fields = entry as Record<string, unknown>;
  const name = asText(fields.key ?? fields.name ?? fields.label ?? fields.title);
  const value = fields.value;
  // OTLP wraps its values: {"stringValue": "x"}.
  const inner = value !== null && typeof value === "object" && !Array.isArray(value) ? Object.values(value)[0] : value;
  const text = asText(inner);
  return name && text ? [[name, text]] : [];
}

const LINE = /^\s*[-*•]\s*[*_`]*([\w.-]{1,100})[*_`]*\s*[=:][*_`]*\s*(.+?)\s*$/;

/**
 * Lines such as ` - alertname = HighErrorRate` or `• *severity:* \`critical\``, as receivers print labels into text.
 * What Alertmanager lists under `Annotations:` are no labels.
 */
function fromLines(text: string): Entry[] {
  let isLabels = true;
  return text.split(/\r?\n/).flatMap((line) => {
    if (/^\s*(?:labels|annotations|source):/i.test(line)) isLabels = /^\s*labels/i.test(line);
    const match = isLabels ? LINE.exec(line) : null;
    return match?.[1] && match[2] ? [[match[1], match[2].replace(/^[`*]+|[`*]+$/g, "")] as const] : [];
  });
}

function fromObject(value: object): Entry[] {
  return Object.entries(value).flatMap(([name, inner]) => {
    const text = asText(inner);
    return text ? [[name, text] as const] : [];
  });
}

function entriesIn(value: unknown): Entry[] {
  if (typeof value === "string") return fromLines(value);
  if (Array.isArray(value)) return value.flatMap(fromPair);
  return value !== null && typeof value === "object" ? fromObject(value) : [];
}

/** The labels of an entry: an earlier one of a name wins. Pure. */
export function labelsOf(spec: AlertMapping["labels"], scope: Scope): Record<string, string> {
  const labels = new Map<string, string>();
  for (const entry of spec ?? []) {
    const found: Entry[] =
      typeof entry === "string"
        ? entriesIn(valueAt(pathOf(entry), scope.roots))
        : Object.entries(entry).flatMap(([name, field]) => {
            const text = fieldText(field, scope);
            return text ? [[name, text] as const] : [];
          });
    for (const [name, value] of found) {
      const key = name.slice(0, NAME_LENGTH_MAX);
      if (labels.size < LABELS_MAX && key !== "__proto__" && !labels.has(key))
        labels.set(key, value.slice(0, VALUE_LENGTH_MAX));
    }
  }
  return Object.fromEntries(labels);
}
