import { type ChatMessage, fitText } from "./chat-message.ts";
import type { SendOutcome } from "./outcome.ts";
import { type Outside, postOnce } from "./outside.ts";

/** Teams refuses a message above 28 KB; of the two meanings of KB this is the smaller. */
export const TEAMS_MESSAGE_BYTES_MAX = 28_000;
const HEADING_LENGTH_MAX = 300;
const NOTE_LENGTH_MAX = 1_000;

type Run = { type: "TextRun"; text: string; weight?: "Bolder"; size?: "Large" | "Small"; isSubtle?: true };
/** Rich text blocks take no Markdown: what a text says is what is shown. */
type Block = { type: "RichTextBlock"; inlines: Run[]; spacing?: "None" | "Small" | "Medium" };
type Action = { type: "Action.OpenUrl"; title: string; url: string };
export type TeamsMessage = {
  type: "message";
  attachments: [
    {
      contentType: "application/vnd.microsoft.card.adaptive";
      contentUrl: null;
      content: {
        $schema: "http://adaptivecards.io/schemas/adaptive-card.json";
        type: "AdaptiveCard";
        version: "1.4";
        fallbackText: string;
        msteams: { width: "Full" };
        body: Block[];
        actions?: Action[];
      };
    },
  ];
};

function block(run: Omit<Run, "type">, spacing: Block["spacing"]): Block {
  return { type: "RichTextBlock", inlines: [{ type: "TextRun", ...run }], ...(spacing && { spacing }) };
}

/** A block for each line: an empty one only widens the gap to the next. */
function linesOf(body: string): Block[] {
  let spacing: Block["spacing"] = "Medium";
  const blocks: Block[] = [];
  for (const line of body.split(/\r\n|\n|\r/)) {
    if (line.trim() === "") {
      spacing = "Medium";
      continue;
    }
    blocks.push(block({ text: line }, spacing));
    spacing = "None";
  }
  return blocks;
}

function messageOf(message: ChatMessage, lines: readonly Block[]): TeamsMessage {
  const heading = fitText(message.heading, HEADING_LENGTH_MAX);
  const notes = message.notes.map((note, index) =>
    block({ text: fitText(note, NOTE_LENGTH_MAX), size: "Small", isSubtle: true }, index === 0 ? "Medium" : "None"),
  );
  const { link } = message;
  return {
    type: "message",
    attachments: [
      {
        contentType: "application/vnd.microsoft.card.adaptive",
        contentUrl: null,
        content: {
          $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
          type: "AdaptiveCard",
          version: "1.4",
          fallbackText: heading,
          msteams: { width: "Full" },
          body: [block({ text: heading, weight: "Bolder", size: "Large" }, undefined), ...lines, ...notes],
          ...(link && { actions: [{ type: "Action.OpenUrl" as const, title: link.text, url: link.url }] }),
        },
      },
    ],
  };
}

function bytesOf(message: TeamsMessage): number {
  return Buffer.byteLength(JSON.stringify(message));
}

/** The first `length` characters as lines, with an ellipsis where something was cut off. */
function cutTo(body: string, length: number): Block[] {
  return linesOf(length >= body.length ? body : fitText(body, Math.max(length, 1)));
}

/** An Adaptive Card as a workflow's webhook takes it, never above what Teams takes: a longer text is cut. Pure. */
export function teamsMessage(message: ChatMessage): TeamsMessage {
  const whole = messageOf(message, linesOf(message.body));
  if (bytesOf(whole) <= TEAMS_MESSAGE_BYTES_MAX) return whole;
  let low = 0;
  let high = message.body.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (bytesOf(messageOf(message, cutTo(message.body, middle))) <= TEAMS_MESSAGE_BYTES_MAX) low = middle;
    else high = middle - 1;
  }
  return messageOf(message, cutTo(message.body, low));
}

/** Posts one card by a workflow's webhook. One attempt; a repeat would be a second card. */
export function sendTeamsCard(
  outside: Outside,
  { url, message }: { url: string; message: ChatMessage },
): Promise<SendOutcome> {
  return postOnce(outside, { url, message: teamsMessage(message), side: "Microsoft Teams" });
}
