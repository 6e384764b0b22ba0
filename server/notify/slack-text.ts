import type { Button, KnownBlock, SectionBlock } from "@slack/web-api";

/** Slack refuses a message with `msg_blocks_too_long` at about 13,200 characters in all. */
export const SLACK_TEXT_LENGTH_MAX = 12_000;
/** One section holds 3,000. */
const SECTION_LENGTH_MAX = 2_900;
/** A header holds 150. */
const HEADER_LENGTH_MAX = 150;
/** What a notification shows; `chat.update` takes 4,000. */
const FALLBACK_LENGTH_MAX = 1_000;
/** A line of small print. */
const CONTEXT_LENGTH_MAX = 1_500;
/** A section has ten fields of 2,000 each; these are names and short values. */
const FIELDS_MAX = 10;
const FIELD_VALUE_LENGTH_MAX = 300;
/** What a button says; longer is refused. */
export const BUTTON_TEXT_LENGTH_MAX = 75;
/** Slack takes 25 buttons in a row; more than five nobody finds their way in. */
const BUTTONS_MAX = 5;

/** A button of a card; `value` comes back when it is pressed, `url` only opens a page. */
export type SlackButton = { id: string; text: string; value: string; style?: "primary" | "danger"; url?: string };

/** A piece of a line. Whatever it holds is shown literally; `at` in the reader's own time zone. */
export type SlackPiece = string | { text: string; url: string } | { strong: string } | { at: Date };

export type SlackMessage = {
  /** Plain; the first line. Empty: there is none. */
  heading: string;
  /** Plain: what it says is escaped here. */
  body: string;
  /** Name and value, two in a row, above the body. */
  fields?: readonly { name: string; value: readonly SlackPiece[] }[];
  /** Below the body, a line each; those that do not fit are left out, and the last one says so. */
  lines?: readonly (readonly SlackPiece[])[];
  /** Small print under it. */
  context: readonly SlackPiece[];
  /** In one row above the small print. */
  buttons?: readonly SlackButton[];
};

/** Text as Slack shows it literally: without this, `<!channel>` in an alert would call everybody. */
export function escapeSlack(text: string): string {
  return text.toWellFormed().replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** As much of a text as fits once escaped; what is cut off is shown by an ellipsis. Never cuts inside an escape. */
export function fitSlack(text: string, lengthMax: number): string {
  const escaped = escapeSlack(text);
  if (escaped.length <= lengthMax) return escaped;
  let fitted = "";
  for (const char of text) {
    const next = escapeSlack(char);
    if (fitted.length + next.length > lengthMax - 1) break;
    fitted += next;
  }
  return `${fitted}…`;
}

/** Plain text of at most this many characters, never cut inside one. Pure. */
export function fitPlain(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text.toWellFormed();
  const cut = text.slice(0, lengthMax - 1);
  // Half of a pair at the end is no character.
  return `${/[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut}…`.toWellFormed();
}

function linkUrl(url: string): string {
  return url.replaceAll("|", "%7C").replaceAll("<", "%3C").replaceAll(">", "%3E");
}

function utcTime(at: Date): string {
  return `${at.toISOString().slice(0, 10)} ${at.toISOString().slice(11, 16)} UTC`;
}

function mrkdwnOf(piece: SlackPiece, lengthMax: number): string {
  if (typeof piece === "string") return fitSlack(piece, lengthMax);
  if ("url" in piece) return `<${linkUrl(piece.url)}|${fitSlack(piece.text, lengthMax)}>`;
  if ("strong" in piece) return `*${fitSlack(piece.strong, lengthMax)}*`;
  return `<!date^${Math.floor(piece.at.getTime() / 1000)}^{date_short_pretty} {time}|${utcTime(piece.at)}>`;
}

function lineOf(pieces: readonly SlackPiece[], lengthMax = FIELD_VALUE_LENGTH_MAX): string {
  return pieces.map((piece) => mrkdwnOf(piece, lengthMax)).join("");
}

function section(text: string): SectionBlock {
  return { type: "section", text: { type: "mrkdwn", text, verbatim: true } };
}

/** A line longer than a section is cut before an escape rather than through it. */
const PIECES = new RegExp(`(?:&(?:amp|lt|gt);|[\\s\\S]){1,${SECTION_LENGTH_MAX / 5}}`, "gu");

/** Pieces that each fit one section once escaped, cut at line ends where there is one. */
function sectionsOf(body: string, roomLeft: number): string[] {
  const sections: string[] = [];
  let current = "";
  const flush = () => {
    if (current.trim()) sections.push(current.trimEnd());
    current = "";
  };
  for (const line of fitSlack(body, roomLeft).split(/(?<=\n)/)) {
    if (current.length + line.length > SECTION_LENGTH_MAX) flush();
    for (const piece of line.match(PIECES) ?? []) {
      if (current.length + piece.length > SECTION_LENGTH_MAX) flush();
      current += piece;
    }
  }
  flush();
  return sections;
}

/** Whole lines in sections; when there is no room for all, the last line says how many are left out. */
function lineSections(lines: readonly (readonly SlackPiece[])[], roomLeft: number): string[] {
  const sections: string[] = [];
  let used = 0;
  const said = lines.map((pieces) => lineOf(pieces)).filter((line) => line.trim());
  for (const [at, line] of said.entries()) {
    const rest = `… and ${said.length - at} more`;
    if (used + line.length + rest.length + 2 > roomLeft) {
      if (used + rest.length <= roomLeft) sections.push(rest);
      break;
    }
    const last = sections.at(-1);
    if (last !== undefined && last.length + line.length < SECTION_LENGTH_MAX) {
      sections[sections.length - 1] = `${last}\n${line}`;
    } else sections.push(line);
    used += line.length + 1;
  }
  return sections;
}

function buttonOf({ id, text, value, style, url }: SlackButton): Button {
  return {
    type: "button",
    action_id: id,
    value,
    text: { type: "plain_text", text: fitPlain(text, BUTTON_TEXT_LENGTH_MAX), emoji: false },
    ...(style && { style }),
    ...(url && { url }),
  };
}

function fallbackOf({ heading, body, lines = [] }: SlackMessage): string {
  const said = [heading, body].filter(Boolean).join(": ");
  const first = lines[0]?.map((piece) => {
    if (typeof piece === "string") return piece;
    return "at" in piece ? utcTime(piece.at) : "strong" in piece ? piece.strong : piece.text;
  });
  return fitSlack(said.trim() || (first ?? []).join("").trim() || "Muster", FALLBACK_LENGTH_MAX);
}

function contextOf(pieces: readonly SlackPiece[]): string {
  const parts = pieces.map((piece) => mrkdwnOf(piece, CONTEXT_LENGTH_MAX));
  while (parts.join("  ·  ").length > CONTEXT_LENGTH_MAX) parts.pop();
  return parts.join("  ·  ");
}

function fieldsOf(fields: NonNullable<SlackMessage["fields"]>): string[] {
  return fields.slice(0, FIELDS_MAX).map(({ name, value }) => `*${escapeSlack(name)}*\n${lineOf(value)}`);
}

/** A message's blocks, and beside them the text that notifications and screen readers use. Pure. */
export function slackMessage(message: SlackMessage): { text: string; blocks: KnownBlock[] } {
  const headingText = fitPlain(message.heading, HEADER_LENGTH_MAX);
  const text = fallbackOf(message);
  const context = contextOf(message.context);
  const fields = fieldsOf(message.fields ?? []);
  const buttons = (message.buttons ?? []).slice(0, BUTTONS_MAX).map(buttonOf);
  const named = buttons.map((button) => button.text.text).join("");
  const used = [text, headingText, context, named, ...fields].join("").length;
  const body = sectionsOf(message.body, SLACK_TEXT_LENGTH_MAX - used);
  const roomLeft = SLACK_TEXT_LENGTH_MAX - used - body.join("").length;
  const blocks: KnownBlock[] = [];
  if (headingText) blocks.push({ type: "header", text: { type: "plain_text", text: headingText, emoji: false } });
  if (fields.length > 0) {
    blocks.push({ type: "section", fields: fields.map((field) => ({ type: "mrkdwn", text: field, verbatim: true })) });
  }
  blocks.push(...[...body, ...lineSections(message.lines ?? [], roomLeft)].map(section));
  if (buttons.length > 0) blocks.push({ type: "actions", elements: buttons });
  if (context) blocks.push({ type: "context", elements: [{ type: "mrkdwn", text: context, verbatim: true }] });
  return { text, blocks };
}
