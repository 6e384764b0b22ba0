import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import { unified } from "unified";
import {
  bold,
  bulletList,
  type ContentMark,
  type ContentNode,
  code,
  italic,
  link,
  paragraph,
  text,
} from "./shared/content.ts";
import { isAllowedLink } from "./shared/schema.ts";

const parser = unified().use(remarkParse).use(remarkGfm);
type Nodes = ReturnType<typeof parser.parse>["children"][number];
type PhrasingContent = Extract<Nodes, { type: "paragraph" }>["children"][number];
/** A note is short prose; what is nested deeper is kept as plain words. */
const DEPTH_MAX = 6;

/** All words below a node, without their marks. */
function words(node: Nodes, depth = 0): string {
  if ("value" in node) return node.value;
  if (node.type === "break") return "\n";
  if (node.type === "image") return node.alt ?? "";
  if (!("children" in node) || depth > 200) return "";
  return node.children.map((child) => words(child, depth + 1)).join("");
}

/** Text in which line ends are hard breaks, as people meant them. */
function lines(value: string, marks: readonly ContentMark[]): ContentNode[] {
  return value
    .split("\n")
    .flatMap((line, index) => [...(index > 0 ? [{ type: "hardBreak" }] : []), ...text(line, ...marks)]);
}

function inline(nodes: readonly PhrasingContent[], marks: readonly ContentMark[], depth: number): ContentNode[] {
  return nodes.flatMap((node): ContentNode[] => {
    if (depth > DEPTH_MAX) return lines(words(node), marks);
    switch (node.type) {
      case "strong":
        return inline(node.children, [...marks, bold], depth + 1);
      case "emphasis":
        return inline(node.children, [...marks, italic], depth + 1);
      case "delete":
        return inline(node.children, [...marks, { type: "strike" }], depth + 1);
      case "link":
        return inline(node.children, isAllowedLink(node.url) ? [...marks, link(node.url)] : marks, depth + 1);
      case "image":
        return isAllowedLink(node.url)
          ? text(node.alt || node.url, ...marks, link(node.url))
          : text(node.alt ?? "", ...marks);
      case "inlineCode":
        return text(node.value, code);
      case "break":
        return [{ type: "hardBreak" }];
      default:
        return lines(words(node), marks);
    }
  });
}

function block(node: Nodes, depth: number): ContentNode[] {
  if (depth > DEPTH_MAX) return [paragraph(lines(words(node), []))];
  switch (node.type) {
    case "paragraph":
      return [paragraph(inline(node.children, [], 0))];
    case "heading":
      // Headings belong to the postmortem; inside a note they are a line in bold.
      return [paragraph(inline(node.children, [bold], 0))];
    case "code":
      return [{ type: "codeBlock", attrs: { language: node.lang ?? null }, content: text(node.value) }];
    case "blockquote":
      return [{ type: "blockquote", content: filled(node.children.flatMap((child) => block(child, depth + 1))) }];
    case "list": {
      const items = node.children.map((item) => item.children.flatMap((child) => block(child, depth + 1)));
      const list = bulletList(items);
      if (!node.ordered) return [list];
      return [{ ...list, type: "orderedList", attrs: { start: node.start ?? 1 } }];
    }
    case "thematicBreak":
      return [{ type: "horizontalRule" }];
    case "table":
      return [
        {
          type: "codeBlock",
          content: text(node.children.map((row) => row.children.map((cell) => words(cell)).join("  ")).join("\n")),
        },
      ];
    case "definition":
    case "footnoteDefinition":
      return [];
    default:
      return [paragraph(lines(words(node), []))];
  }
}

function filled(blocks: ContentNode[]): ContentNode[] {
  return blocks.length > 0 ? blocks : [paragraph()];
}

/** What people wrote in Markdown, as blocks of the postmortem's schema. Raw HTML stays as the words it is made of. Pure. */
export function fromMarkdown(markdown: string): ContentNode[] {
  if (markdown.trim() === "") return [];
  return parser.parse(markdown).children.flatMap((node) => block(node, 0));
}
