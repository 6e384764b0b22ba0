import type { Button, KnownBlock } from "@slack/web-api";

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

/** A button of a card; `value` comes back when it is pressed, `url` only opens a page. */
export type SlackButton = { id: string; text: string; value: string; style?: "primary" | "danger"; url?: string };

export type SlackMessage = {
  /** Plain; the first line. */
  heading: string;
  /** Plain: what it says is escaped here. */
  body: string;
  /** Small print under it: plain text, or a link. */
  context: readonly (string | { text: string; url: string })[];
  /** In one row above the small print. */
  buttons?: readonly SlackButton[];
};

/** Text as Slack shows it literally: without this, `<!channel>` in an alert would call everybody. */
export function escapeSlack(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
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
    // A line longer than a section: cut before an escape rather than through it.
    for (const piece of line.match(new RegExp(`(?:&(?:amp|lt|gt);|[\\s\\S]){1,${SECTION_LENGTH_MAX / 5}}`, "gu")) ??
      []) {
      if (current.length + piece.length > SECTION_LENGTH_MAX) flush();
      current += piece;
    }
  }
  flush();
  return sections;
}

function linkUrl(url: string): string {
  return url.replaceAll("|", "%7C").replaceAll("<", "%3C").replaceAll(">", "%3E");
}

function buttonOf({ id, text, value, style, url }: SlackButton): Button {
  return {
    type: "button",
    action_id: id,
    value,
    text: { type: "plain_text", text, emoji: false },
    ...(style && { style }),
    ...(url && { url }),
  };
}

/** A message's blocks, and beside them the text that notifications and screen readers use. Pure. */
export function slackMessage(message: SlackMessage): { text: string; blocks: KnownBlock[] } {
  const headingText = message.heading.slice(0, HEADER_LENGTH_MAX).toWellFormed();
  const text = fitSlack(`${message.heading}: ${message.body}`, FALLBACK_LENGTH_MAX);
  const parts = message.context.map((part) =>
    typeof part === "string" ? escapeSlack(part) : `<${linkUrl(part.url)}|${escapeSlack(part.text)}>`,
  );
  while (parts.join("  ·  ").length > CONTEXT_LENGTH_MAX) parts.pop();
  const context = parts.join("  ·  ");
  const roomLeft = SLACK_TEXT_LENGTH_MAX - text.length - headingText.length - context.length;
  const blocks: KnownBlock[] = [
    { type: "header", text: { type: "plain_text", text: headingText, emoji: false } },
    ...sectionsOf(message.body, roomLeft).map(
      (section): KnownBlock => ({ type: "section", text: { type: "mrkdwn", text: section, verbatim: true } }),
    ),
  ];
  if (message.buttons?.length) blocks.push({ type: "actions", elements: message.buttons.map(buttonOf) });
  if (context) blocks.push({ type: "context", elements: [{ type: "mrkdwn", text: context }] });
  return { text, blocks };
}
