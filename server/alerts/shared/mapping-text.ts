import type { Field } from "../mapping/mapping.ts";

/** The rows of the mapping form, in their order. */
export const mappingRows = ["title", "description", "status", "severity", "dedupKey", "service", "link", "at"] as const;
export type MappingRow = (typeof mappingRows)[number];

const ARROW = /\s*(?:→|->)\s*/;
const TABLE = /^(.+?):\s*((?:"[^"]*"|\S+?)\s*(?:→|->).+)$/;
const TABLE_ENTRY = /("[^"]*"|[^\s→]+?)\s*(?:→|->)\s*("[^"]*"|\S+)/g;
const PLAIN_PATH = /^[\w$][\w$-]*(?:\.[\w$-]+|\[[^\]]*\])*$/;

function unquoted(text: string): string {
  return text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text;
}

function quoted(text: string): string {
  return /\s|→|->/.test(text) || text === "" ? `"${text}"` : text;
}

function tableFrom(text: string): Field | null {
  const match = ARROW.test(text) ? TABLE.exec(text) : null;
  if (!match?.[1] || !match[2]) return null;
  const entries = [...match[2].matchAll(TABLE_ENTRY)].map(
    ([, from = "", to = ""]) => [unquoted(from), unquoted(to)] as const,
  );
  if (entries.length === 0) return null;
  const from = match[1].includes("{") ? match[1].trim() : `{${match[1].trim()}}`;
  const otherwise = entries.find(([word]) => word === "*")?.[1];
  const values = Object.fromEntries(entries.filter(([word]) => word !== "*"));
  return { from, values, ...(otherwise !== undefined && { otherwise }) };
}

function structured(text: string): Field | null {
  if (!/^\s*(?:\[|\{\s*")/.test(text)) return null;
  try {
    return JSON.parse(text) as Field;
  } catch {
    return null;
  }
}

/**
 * What somebody writes into a row: a template `{job.name}: {error}`; a table `level: 5→critical 4→error *→warning`;
 * for status and severity also a path, or a CEL expression; or the whole as JSON. Undefined for an empty row. Pure.
 */
export function fieldFromText(row: MappingRow, text: string): Field | undefined {
  const line = text.trim();
  if (!line) return undefined;
  const known = structured(line) ?? tableFrom(line);
  if (known) return known;
  if (row !== "status" && row !== "severity") return line;
  if (PLAIN_PATH.test(line)) return `{${line}}`;
  return /^[^{}"']*\{[^{}]+\}[^"']*$/.test(line) ? line : { cel: line };
}

/** The row that gives this field again. */
export function textOfField(field: Field | undefined): string {
  if (field === undefined) return "";
  if (typeof field === "string") return field;
  if (Array.isArray(field) || "find" in field || "hash" in field || "markup" in field) return JSON.stringify(field);
  if ("cel" in field) return field.values ? JSON.stringify(field) : field.cel;
  const entries = Object.entries(field.values ?? {}).map(([from, to]) => `${quoted(from)}→${quoted(to)}`);
  if (field.otherwise !== undefined) entries.push(`*→${quoted(field.otherwise)}`);
  const path = /^\{([^{}]+)\}$/.exec(field.from)?.[1] ?? field.from;
  return entries.length > 0 ? `${path}: ${entries.join(" ")}` : field.from;
}
