"use client";

import type { ReactNode } from "react";

type Text = { type: string; text: string };
type Block = { type: string; text?: Text; elements?: Text[] };

/** What Slack escapes, back again. Pure. */
function plain(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

const MARKS =
  /<([^|>]+)\|([^>]*)>|`([^`\n]+)`|(?<![\w*])\*([^*\n]+)\*(?![\w*])|(?<!\w)_([^_\n]+)_(?!\w)|(?<!\w)~([^~\n]+)~(?!\w)/g;

/** Slack's own marks as it shows them: links, `*bold*`, `_italic_`, `~struck~` and code. */
export function slackMarks(text: string): ReactNode[] {
  const parts: ReactNode[] = [];
  let done = 0;
  for (const found of text.matchAll(MARKS)) {
    parts.push(plain(text.slice(done, found.index)));
    const [whole, , label, code, bold, italic, struck] = found;
    const key = found.index;
    if (label !== undefined) parts.push(<u key={key}>{plain(label)}</u>);
    else if (code) parts.push(<code key={key}>{plain(code)}</code>);
    else if (bold) parts.push(<b key={key}>{plain(bold)}</b>);
    else if (italic) parts.push(<i key={key}>{plain(italic)}</i>);
    else parts.push(<s key={key}>{plain(struck ?? whole)}</s>);
    done = found.index + whole.length;
  }
  parts.push(plain(text.slice(done)));
  return parts;
}

/** A message's blocks as Slack lays them out. */
export function SlackPreview({ blocks }: { blocks: readonly Record<string, unknown>[] }) {
  return (
    <div className="flex flex-col gap-1.5 border-l-4 border-warn pl-2.5 text-s">
      {(blocks as unknown as Block[]).map((block, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks have no names, and are all replaced at once.
        <SlackBlock key={at} block={block} />
      ))}
    </div>
  );
}

function SlackBlock({ block }: { block: Block }) {
  switch (block.type) {
    case "header":
      return <b className="text-m font-bold wrap-anywhere">{block.text?.text}</b>;
    case "section":
      return <p className="whitespace-pre-wrap wrap-anywhere">{slackMarks(block.text?.text ?? "")}</p>;
    case "context":
      return (
        <p className="text-xs text-muted wrap-anywhere">
          {block.elements?.map((element) => (
            <span key={element.text}>{slackMarks(element.text)}</span>
          ))}
        </p>
      );
    default:
      return null;
  }
}
