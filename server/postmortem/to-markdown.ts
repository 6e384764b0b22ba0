import type { ContentMark, ContentNode } from "./shared/content.ts";
import { isAllowedLink } from "./shared/schema.ts";

/** The characters that mean something anywhere in Markdown's running text; an underscore inside a word does not. */
const SPECIAL = /[\\`*[\]<~|]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;

function escaped(value: string): string {
  return value.replace(SPECIAL, "\\$&").replace(/&(?=#?\w+;)/g, "\\&");
}

/** Escapes what would turn the start of a line into a list, heading, rule or quote. */
function escapedStart(line: string): string {
  return line
    .trimStart()
    .replace(/^[#+\-=>]/, "\\$&")
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, "$1\\$2");
}

/** Inline code in as many backticks as its content needs. */
function codeSpan(value: string): string {
  const longest = Math.max(0, ...[...value.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = value.startsWith("`") || value.endsWith("`") ? " " : "";
  return `${fence}${pad}${value.replaceAll("\n", " ")}${pad}${fence}`;
}

function address(url: string): string {
  return url.replace(/[\s<>()\\]/g, (sign) => encodeURIComponent(sign).replace("(", "%28").replace(")", "%29"));
}

/** How a mark opens and closes; the order is from the outside in. Code is written apart, always innermost. */
const markOrder = ["link", "bold", "strike", "italic"];
const markSigns: Record<string, string> = { bold: "**", strike: "~~", italic: "*" };

function orderedMarks(node: ContentNode): ContentMark[] {
  return markOrder.flatMap((type) => {
    const mark = node.marks?.find((candidate) => candidate.type === type);
    return mark && (type !== "link" || isAllowedLink(mark.attrs?.href)) ? [mark] : [];
  });
}

function isSameMark(one: ContentMark | undefined, other: ContentMark | undefined): boolean {
  return one?.type === other?.type && one?.attrs?.href === other?.attrs?.href;
}

function opening(mark: ContentMark): string {
  return markSigns[mark.type] ?? "[";
}

function closing(mark: ContentMark): string {
  return markSigns[mark.type] ?? `](${address(String(mark.attrs?.href))})`;
}

/** Running text. Marks span neighbours that share them, and never start or end with a space: `** a**` is not bold. */
function inline(nodes: readonly ContentNode[]): string {
  let out = "";
  let active: ContentMark[] = [];
  let space = "";
  const closeTo = (length: number) => {
    for (const mark of active.slice(length).reverse()) out += closing(mark);
    active = active.slice(0, length);
  };
  for (const node of nodes) {
    const value = node.type === "hardBreak" ? "" : (node.text ?? "");
    const core = value.trim();
    if (core === "") {
      space += node.type === "hardBreak" ? "\\\n" : value;
      continue;
    }
    const wanted = orderedMarks(node);
    const differs = wanted.findIndex((mark, index) => !isSameMark(mark, active[index]));
    closeTo(differs === -1 ? wanted.length : differs);
    out += space + value.slice(0, value.length - value.trimStart().length);
    for (const mark of wanted.slice(active.length)) out += opening(mark);
    out += node.marks?.some((mark) => mark.type === "code") ? codeSpan(core) : escaped(core);
    active = wanted;
    space = value.slice(value.trimEnd().length);
  }
  closeTo(0);
  return out;
}

/** Running text, each line safe from being read as a block. */
function lines(nodes: readonly ContentNode[]): string {
  return inline(nodes).split("\n").map(escapedStart).join("\n");
}

function indented(value: string, by: string): string {
  return value
    .split("\n")
    .map((line, index) => (index === 0 || line === "" ? line : by + line))
    .join("\n");
}

function plainText(node: ContentNode): string {
  return node.text ?? (node.content ?? []).map(plainText).join("");
}

function codeBlock(node: ContentNode): string {
  const value = plainText(node);
  const longest = Math.max(2, ...[...value.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const language = typeof node.attrs?.language === "string" ? node.attrs.language.replace(/[\s`]/g, "") : "";
  return `${fence}${language}\n${value}\n${fence}`;
}

function list(node: ContentNode, depth: number): string {
  const start = Math.min(Math.max(Math.trunc(Number(node.attrs?.start ?? 1)) || 0, 0), 100_000_000);
  return (node.content ?? [])
    .map((item, index) => {
      const sign = node.type === "orderedList" ? `${start + index}. ` : "- ";
      return sign + indented(blocks(item.content ?? [], depth + 1, true), " ".repeat(sign.length));
    })
    .join("\n");
}

function block(node: ContentNode, depth: number): string {
  const content = node.content ?? [];
  switch (node.type) {
    case "heading":
      // The title of the postmortem is the only heading of the first level.
      return `${"#".repeat(Math.min(Math.max(Number(node.attrs?.level) || 2, 2), 3))} ${inline(content).replaceAll("\\\n", " ")}`;
    case "bulletList":
    case "orderedList":
      return list(node, depth);
    case "blockquote":
      return blocks(content, depth + 1, false)
        .split("\n")
        .map((line) => (line === "" ? ">" : `> ${line}`))
        .join("\n");
    case "codeBlock":
      return codeBlock(node);
    case "horizontalRule":
      return "---";
    case "paragraph":
      return lines(content);
    default:
      return lines([{ type: "text", text: plainText(node) }]);
  }
}

/** Below this the rest is written as it stands: the document's own limit is far below. */
const DEPTH_MAX = 60;

function blocks(nodes: readonly ContentNode[], depth: number, tight: boolean): string {
  if (depth > DEPTH_MAX) return "";
  const parts: string[] = [];
  for (const node of nodes) {
    const written = block(node, depth);
    if (written.trim() === "") continue;
    const isList = node.type === "bulletList" || node.type === "orderedList";
    if (parts.length > 0) parts.push(tight && isList ? "\n" : "\n\n");
    parts.push(written);
  }
  return parts.join("");
}

/** Words that come from elsewhere, safe inside a line of Markdown. */
export function markdownText(value: string): string {
  return escapedStart(escaped(value.replaceAll(/\s+/g, " ").trim()));
}

/**
 * The postmortem's text in Markdown (CommonMark with GitHub's strike-through), without raw HTML. Pure.
 * `after` may give lines to put below a top-level heading, by its words.
 */
export function toMarkdown(doc: ContentNode, after: (heading: string) => string = () => ""): string {
  const parts: string[] = [];
  for (const node of doc.content ?? []) {
    const written = blocks([node], 0, false);
    if (written === "") continue;
    parts.push(written);
    const extra = node.type === "heading" ? after(plainText(node).trim()) : "";
    if (extra) parts.push(extra);
  }
  return `${parts.join("\n\n")}\n`;
}
