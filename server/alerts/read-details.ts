import type { AlertLink } from "#/db/schema/index.ts";
import { wellFormedText } from "#/server/platform/well-formed.ts";

export const DETAILS_TEXT_LENGTH_MAX = 4_000;
export const DETAILS_LINKS_MAX = 10;
/** The innermost frames say where it broke; more is a page at the sender. */
const FRAMES_MAX = 8;
const VALUE_LENGTH_MAX = 500;

export type ReadDetails = { text: string; links: AlertLink[] };
type Json = Record<string, unknown>;

function at(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const key of path) found = typeof found === "object" && found !== null ? (found as Json)[key] : undefined;
  return found;
}

function listAt(value: unknown, ...path: readonly string[]): unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

function textAt(value: unknown, ...path: readonly string[]): string {
  const found = at(value, ...path);
  if (typeof found === "number" || typeof found === "boolean") return String(found);
  return typeof found === "string" ? found.trim().slice(0, VALUE_LENGTH_MAX) : "";
}

function link(kind: string, title: string, url: string): AlertLink[] {
  return /^https?:\/\//.test(url) && URL.canParse(url)
    ? [{ kind, title: title.slice(0, 150), url: url.slice(0, 2_000) }]
    : [];
}

function done(lines: readonly string[], links: readonly AlertLink[]): ReadDetails {
  const unique = [...new Map(links.map((each) => [each.url, each])).values()];
  const text = wellFormedText(lines.filter(Boolean).join("\n"));
  return { text: text.slice(0, DETAILS_TEXT_LENGTH_MAX), links: unique.slice(0, DETAILS_LINKS_MAX) };
}

function frameLine(frame: unknown): string {
  const line = textAt(frame, "lineNo");
  const file = textAt(frame, "filename") || textAt(frame, "absPath") || textAt(frame, "module");
  return `  at ${textAt(frame, "function") || "?"} (${file}${line ? `:${line}` : ""})`;
}

function exceptionLines(value: unknown): string[] {
  const frames = listAt(value, "stacktrace", "frames");
  const own = frames.filter((frame) => at(frame, "inApp") === true);
  // Sentry lists the outermost call first.
  const shown = (own.length > 0 ? own : frames).slice(-FRAMES_MAX).reverse();
  return [`${textAt(value, "type")}: ${textAt(value, "value")}`, ...shown.map(frameLine)];
}

/** The latest event of a Sentry issue: the exceptions that caused it, innermost frames first, and where it ran. Pure. */
export function readSentryEvent(event: unknown): ReadDetails {
  const exceptions = listAt(event, "entries")
    .filter((entry) => at(entry, "type") === "exception")
    .flatMap((entry) => listAt(entry, "data", "values"))
    // The last one is what was reported, those before it caused it.
    .toReversed();
  const tags = listAt(event, "tags")
    .map((tag) => [textAt(tag, "key"), textAt(tag, "value")] as const)
    .filter(([key]) => ["environment", "release", "server_name", "transaction", "url"].includes(key))
    .map(([key, value]) => `${key}: ${value}`);
  const message = textAt(event, "message") || textAt(event, "title");
  const culprit = textAt(event, "culprit");
  const lines = exceptions.flatMap(exceptionLines);
  return done(
    [...(lines.length > 0 ? lines : [message]), culprit && `in ${culprit}`, ...tags],
    tags.filter((tag) => tag.startsWith("url: ")).flatMap((tag) => link("url", "Where it happened", tag.slice(5))),
  );
}

function detailLines(details: unknown): string[] {
  if (typeof details === "string") return [details];
  if (typeof details !== "object" || details === null) return [];
  return Object.entries(details).map(([key, value]) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return `${key}: ${(text ?? "").slice(0, VALUE_LENGTH_MAX)}`;
  });
}

/** A PagerDuty incident and its alerts: what the first monitor sent, and everything that they link to. Pure. */
export function readPagerDutyIncident(incident: unknown, alerts: unknown): ReadDetails {
  const list = listAt(alerts, "alerts");
  const lines = list.flatMap((alert) => {
    const details = at(alert, "body", "cef_details", "details") ?? at(alert, "body", "details");
    return [textAt(alert, "summary"), ...detailLines(details)];
  });
  const links = list.flatMap((alert) => [
    ...listAt(alert, "body", "contexts").flatMap((context) =>
      link(textAt(context, "type") || "link", textAt(context, "text") || "Link", textAt(context, "href")),
    ),
    ...link(
      "source",
      textAt(alert, "body", "cef_details", "client") || "Monitor",
      textAt(alert, "body", "cef_details", "client_url"),
    ),
    ...link("alert", "Alert in PagerDuty", textAt(alert, "html_url")),
  ]);
  const service = textAt(incident, "incident", "service", "summary");
  const about = [
    textAt(incident, "incident", "title"),
    service && `service: ${service}`,
    textAt(incident, "incident", "urgency") && `urgency: ${textAt(incident, "incident", "urgency")}`,
    textAt(incident, "incident", "body", "details"),
  ];
  return done(
    [...about, ...lines],
    [...link("incident", "Incident in PagerDuty", textAt(incident, "incident", "html_url")), ...links],
  );
}
