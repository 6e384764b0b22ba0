import type { AlertLink } from "#/db/schema/index.ts";
import type { AlertSeverity } from "../shared/lists.ts";

/** One alert as every source is brought to. Times are UTC; a missing one is null. */
export type NormalisedAlert = {
  status: "firing" | "resolved";
  dedupKey: string;
  title: string;
  description: string;
  severity: AlertSeverity;
  service: string | null;
  labels: Record<string, string>;
  links: AlertLink[];
  startsAt: Date | null;
  endsAt: Date | null;
};

/** How one kind of sender is read. Pure: no clock, no I/O. */
export type Adapter = {
  source: string;
  /** The alerts of a delivery, still as they came; null when the source is not known to send this shape. */
  split(body: unknown): readonly unknown[] | null;
  /** One of them, normalised; null when it is not an alert after all. */
  normalise(item: unknown): NormalisedAlert | null;
};

type Fields = Record<string, unknown>;

/** A JSON object, or undefined for anything else. */
export function fieldsOf(value: unknown): Fields | undefined {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** The first of these fields that holds text or a number, trimmed. */
export function textOf(fields: Fields, ...names: string[]): string | null {
  for (const name of names) {
    const value = fields[name];
    if (typeof value === "string" && value.trim()) return value.trim();
    if (typeof value === "number" && Number.isFinite(value)) return String(value);
  }
  return null;
}

/** Fields that hold text, numbers or booleans, as labels. */
export function labelsOf(value: unknown): Record<string, string> {
  const entries = Object.entries(fieldsOf(value) ?? {});
  return Object.fromEntries(
    entries
      .filter(([, inner]) => ["string", "number", "boolean"].includes(typeof inner))
      .map(([key, inner]) => [key, String(inner)]),
  );
}

/** An RFC 3339 time or an epoch in seconds or milliseconds; null for none, for year 1, and for what is no time. */
export function timeOf(value: unknown): Date | null {
  if (typeof value === "number" && value > 0) return new Date(value < 100_000_000_000 ? value * 1000 : value);
  if (typeof value !== "string" || value.startsWith("0001-01-01")) return null;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? null : date;
}

/** Only web addresses become links: everything in a payload is a stranger's text. */
export function linkOf(kind: string, title: string, url: string | null): AlertLink[] {
  return url && /^https?:\/\//i.test(url) && URL.canParse(url) ? [{ kind, title, url }] : [];
}

const severityWords: Record<AlertSeverity, readonly string[]> = {
  critical: ["critical", "crit", "page", "fatal", "emergency", "disaster", "p1", "sev0", "sev1", "alert", "down"],
  error: ["error", "err", "high", "major", "p2", "sev2"],
  warning: ["warning", "warn", "medium", "moderate", "average", "minor", "p3", "sev3"],
  info: ["info", "informational", "notice", "low", "none", "debug", "ok", "p4", "p5", "sev4", "sev5"],
};

/** A sender's word for how bad it is. An unknown word ranks in the middle: it must not be lost in the noise. */
export function severityOf(word: string | null): AlertSeverity {
  const lower = word?.toLowerCase() ?? "";
  for (const [severity, words] of Object.entries(severityWords)) {
    if (words.includes(lower)) return severity as AlertSeverity;
  }
  return "warning";
}
