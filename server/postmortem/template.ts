import { noteMarkNames } from "#/server/timeline/shared/lists.ts";
import type { IncidentFacts, RecordLine } from "./facts.ts";
import { fromMarkdown } from "./from-markdown.ts";
import { bold, bulletList, type ContentNode, code, heading, italic, link, paragraph, text } from "./shared/content.ts";
import { utcDay, utcInstant, utcTime } from "./shared/format.ts";
import { isAllowedLink } from "./shared/schema.ts";

/** What all notes together may take: the whole text has to fit one frame of the sync protocol (1 MiB) also in three-byte scripts. */
const NOTES_LENGTH_MAX = 150_000;
/** A note is told in full up to here; the rest stays in the room. */
const NOTE_LENGTH_MAX = 8_000;
const NOTE_LENGTH_MIN = 200;
/** Updates are short by their own limit; all of them together are not. */
const UPDATES_LENGTH_MAX = 60_000;

const MORE = " … (shortened; the rest is in the room)";

function clipped(value: string, max: number): string {
  if (value.length <= max) return value;
  return value.slice(0, max).toWellFormed() + MORE;
}

/** Blocks for prose in Markdown, or one empty line to write on. */
function prose(...markdown: string[]): ContentNode[] {
  const blocks = markdown.flatMap(fromMarkdown);
  return blocks.length > 0 ? blocks : [paragraph()];
}

function overview({ incident, services }: IncidentFacts): ContentNode[] {
  const isSameDay = incident.resolvedAt && utcDay(incident.resolvedAt) === utcDay(incident.declaredAt);
  const when = (at: Date) => (isSameDay ? `at ${utcTime(at)} UTC` : `on ${utcDay(at)} at ${utcTime(at)} UTC`);
  const start = incident.acceptedAt && incident.acceptedAt > incident.declaredAt ? "opened in triage" : "declared";
  const parts = [
    ...text(incident.reference, bold),
    ...text(` was ${start} on ${utcDay(incident.declaredAt)} at ${utcTime(incident.declaredAt)} UTC`),
    ...text(incident.severity ? ` and rated ${incident.severity}` : ""),
    ...text(incident.resolvedAt ? `. It was resolved ${when(incident.resolvedAt)}.` : ". It is not resolved yet."),
    ...text(services.length > 0 ? ` Services: ${services.join(", ")}.` : ""),
  ];
  const links = incident.links.filter((item) => isAllowedLink(item.url));
  return [
    heading(2, "Overview"),
    paragraph(parts),
    ...fromMarkdown(incident.summary),
    ...(links.length > 0
      ? [bulletList(links.map((item) => [paragraph(text(item.title || item.url, link(item.url)))]))]
      : []),
  ];
}

/** When it was, if anybody knows. How long it took stands above the text, where it follows the record. */
function impact({ incident, times }: IncidentFacts): ContentNode[] {
  const started = times.impactStartedAt;
  const span = started
    ? `From ${utcInstant(started)}${incident.impactEndedAt ? ` to ${utcInstant(incident.impactEndedAt)}` : ""}.`
    : "";
  if (!span) return [heading(2, "Impact"), ...prose(incident.impactText)];
  return [heading(2, "Impact"), ...fromMarkdown(incident.impactText), paragraph(text(span))];
}

/** What a marked note is called in front of its author: `Decision · Ada:`. */
function markWord({ mark }: RecordLine): string {
  return mark ? `${noteMarkNames[mark]} · ` : "";
}

function recordItem(line: RecordLine, noteLength: number): ContentNode[] {
  const time = [...text(utcTime(line.at), code), ...text(" ")];
  if (line.kind === "event") return [paragraph(time, text(line.text))];
  const [first, ...rest] = fromMarkdown(clipped(line.text, noteLength));
  const author = text(`${markWord(line)}${line.author}: `, bold);
  if (first?.type !== "paragraph") return [paragraph(time, author), ...(first ? [first] : []), ...rest];
  return [paragraph(time, author, first.content ?? []), ...rest];
}

function whatHappened({ record, recordIsCut }: IncidentFacts): ContentNode[] {
  const notes = record.filter((line) => line.kind === "note").length;
  const noteLength = Math.max(
    NOTE_LENGTH_MIN,
    Math.min(NOTE_LENGTH_MAX, Math.floor(NOTES_LENGTH_MAX / Math.max(notes, 1))),
  );
  const days = Map.groupBy(
    record.filter((line) => line.type !== "postmortem.opened"),
    (line) => utcDay(line.at),
  );
  return [
    heading(2, "What happened"),
    paragraph(text("All times are UTC.", italic)),
    ...[...days].flatMap(([day, lines]) => [
      heading(3, day),
      bulletList(lines.map((line) => recordItem(line, noteLength))),
    ]),
    ...(recordIsCut ? [paragraph(text("The record goes on; the room shows all of it.", italic))] : []),
  ];
}

function contributing({ incident }: IncidentFacts): ContentNode[] {
  const theory = incident.hypothesis.trim() ? `The theory at the end of the incident: ${incident.hypothesis}` : "";
  return [heading(2, "Contributing factors"), ...prose(theory)];
}

function resolution({ incident, record }: IncidentFacts): ContentNode[] {
  const mitigated = incident.mitigatedAt ? `Mitigated at ${utcInstant(incident.mitigatedAt)}.` : "";
  const last = record.findLast((line) => line.type === "incident.resolved");
  const resolved = incident.resolvedAt
    ? `Resolved at ${utcInstant(incident.resolvedAt)}${last ? ` by ${last.author}` : ""}.`
    : "";
  const facts = [mitigated, resolved].filter(Boolean).join(" ");
  return [heading(2, "Resolution"), ...prose(incident.resolution), ...(facts ? [paragraph(text(facts))] : [])];
}

function responders({ held, record }: IncidentFacts): ContentNode[] {
  const named = new Set(held.map((span) => span.name));
  const others = new Set(
    record.filter((line) => line.kind === "note" && !named.has(line.author)).map((line) => line.author),
  );
  const items = [
    ...held.map((span) => [
      paragraph(
        text(span.role, bold),
        text(`: ${span.name}, from ${utcTime(span.from)}${span.until ? ` to ${utcTime(span.until)}` : ""} UTC`),
      ),
    ]),
    ...(others.size > 0 ? [[paragraph(text("wrote in the room", bold), text(`: ${[...others].join(", ")}`))]] : []),
  ];
  return [heading(2, "Responders"), items.length > 0 ? bulletList(items) : paragraph(text("Nobody took a role."))];
}

function updatesSent({ updates }: IncidentFacts): ContentNode[] {
  const each = Math.max(NOTE_LENGTH_MIN, Math.floor(UPDATES_LENGTH_MAX / Math.max(updates.length, 1)));
  const items = updates.map((update) => {
    const scope = update.audience === "internal" ? ", internal" : "";
    const head = paragraph(
      text(utcInstant(update.at), code),
      text(" "),
      text(update.status, bold),
      text(`${scope}, by ${update.author}`),
    );
    return [head, ...fromMarkdown(clipped(update.body, each))];
  });
  return [heading(2, "Updates sent"), items.length > 0 ? bulletList(items) : paragraph(text("No update was sent."))];
}

function alertList({ alerts }: IncidentFacts): ContentNode[] {
  const items = alerts.map((alert) => [
    paragraph(
      text(alert.title, bold),
      text(alert.service ? ` on ${alert.service}` : ""),
      text(alert.count > 1 ? `, ${alert.count} times` : ""),
      text(`, first ${utcInstant(alert.firstAt)}`),
      text(alert.lastAt > alert.firstAt ? `, last ${utcInstant(alert.lastAt)}` : ""),
      text(`, ${alert.status}`),
    ),
  ]);
  return [heading(2, "Alerts"), items.length > 0 ? bulletList(items) : paragraph(text("No alert was attached."))];
}

const empty = (title: string): ContentNode[] => [heading(2, title), paragraph()];

/** The heading below which the export prints the action items. */
export const ACTION_ITEMS_HEADING = "Action items";

/**
 * The first text of a postmortem: what the record knows, and empty lines where only people know. Pure.
 * It asks how, never who: names stand with what was done, not with what went wrong.
 */
export function postmortemTemplate(facts: IncidentFacts): ContentNode {
  return {
    type: "doc",
    content: [
      ...overview(facts),
      ...impact(facts),
      ...whatHappened(facts),
      ...contributing(facts),
      ...resolution(facts),
      ...responders(facts),
      ...empty("What went well"),
      ...empty("What went badly"),
      ...empty("Lessons"),
      ...empty(ACTION_ITEMS_HEADING),
      ...updatesSent(facts),
      ...alertList(facts),
    ],
  };
}
