import type { ChatMessage } from "./chat-message.ts";
import type { SendOutcome } from "./outcome.ts";
import { type Outside, postOnce } from "./outside.ts";

/** A post holds 16,383 characters; Mattermost cuts a longer one into several. */
export const MATTERMOST_TEXT_LENGTH_MAX = 16_383;
/** A line of small print; what is left of the post is the text's. */
const NOTE_LENGTH_MAX = 1_000;
const HEADING_LENGTH_MAX = 300;

/** Between `@` and a word: without it, `@channel` in a text would call everybody. */
const ZERO_WIDTH_SPACE = "\u200B";

function escapePiece(text: string): string {
  return (
    text
      .replace(/[\\`*_[\]<>#|~!]/g, "\\$&")
      // A name at the start of a word, and the three words that call everybody wherever they stand.
      .replace(/(?<![\w.])@(?=[a-z])|@(?=(?:all|channel|here)\b)/gi, `@${ZERO_WIDTH_SPACE}`)
  );
}

/** Plain text as Mattermost shows it literally; addresses of pages stay whole, so that they can be pressed. Pure. */
export function escapeMattermost(text: string): string {
  return text
    .split(/(https?:\/\/[^\s<>()[\]]+)/)
    .map((piece, index) => (index % 2 === 1 && !piece.includes("@") ? piece : escapePiece(piece)))
    .join("");
}

/** As much of a plain text as fits once escaped. Pure. */
function fitEscaped(text: string, lengthMax: number): string {
  const whole = escapeMattermost(text);
  if (whole.length <= lengthMax) return whole;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (escapeMattermost(text.slice(0, middle)).length < lengthMax) low = middle;
    else high = middle - 1;
  }
  return `${escapeMattermost(
    text
      .slice(0, low)
      .toWellFormed()
      .replace(/\uFFFD$/, ""),
  )}…`;
}

/** The body of an incoming webhook: one post that no part of the text can format, link or ring a bell in. Pure. */
export function mattermostPost(message: ChatMessage): { text: string; username: string } {
  const heading = `#### ${fitEscaped(message.heading.replace(/\s+/g, " "), HEADING_LENGTH_MAX)}`;
  const link =
    message.link &&
    `[${escapePiece(message.link.text)}](${message.link.url.replaceAll("(", "%28").replaceAll(")", "%29")})`;
  const lines = message.notes.map((note) => fitEscaped(note, NOTE_LENGTH_MAX));
  const notes = [...lines, ...(link ? [link] : [])].join("\n");
  const left = MATTERMOST_TEXT_LENGTH_MAX - heading.length - notes.length - "\n\n\n\n".length;
  return { text: [heading, fitEscaped(message.body, left), notes].filter(Boolean).join("\n\n"), username: "Muster" };
}

/** Posts one message by an incoming webhook. One attempt; a repeat would be a second post. */
export function sendMattermostPost(
  outside: Outside,
  { url, message }: { url: string; message: ChatMessage },
): Promise<SendOutcome> {
  return postOnce(outside, { url, message: mattermostPost(message), side: "Mattermost" });
}
