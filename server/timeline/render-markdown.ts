import rehypeSanitize, { defaultSchema } from "rehype-sanitize";
import rehypeStringify from "rehype-stringify";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import remarkRehype from "remark-rehype";
import { unified } from "unified";
import { fileOfPath } from "#/server/files/shared/file-link.ts";
import { withoutFencedCode } from "./fenced-code.ts";
import { element, type Node, textNode } from "./html-tree.ts";
import { foldedCode } from "./long-code.ts";
import { linkForeignImages } from "./note-images.ts";

/** A busy room's notes, and the last few rooms looked at. */
const CACHE_ENTRIES_MAX = 2_000;
/** Beyond this a text is shown as it was written: parsing has quadratic corners. */
const MARKDOWN_LENGTH_MAX = 32 * 1024;
/** Deeper quotes and lists are nobody's writing; parsing them costs the square of their depth. */
const MARKER_RUN = /(?:^|\n)[ \t]*(?:[>*+-][ \t]*){24}|[[\]*_~`!(<]{200}/;

/** Openers that wait for their end: parsing costs the square of their number, a quarter of a second at this one. */
const MARKERS_MAX = 1_500;

const schema = {
  ...defaultSchema,
  tagNames: (defaultSchema.tagNames ?? []).filter((name) => name !== "picture" && name !== "source"),
  attributes: { ...defaultSchema.attributes, img: ["src", "alt"] },
  protocols: { ...defaultSchema.protocols, href: ["http", "https", "mailto"], src: [] },
};

const NEW_TAB = { target: "_blank", rel: ["noopener", "noreferrer"] };

/** Links say where they do not lead; a file opens beside the room, not instead of it. */
function finishLink(node: Node): void {
  const isFile = fileOfPath(node.properties?.href) !== null;
  node.properties = { ...node.properties, ...(isFile ? NEW_TAB : { rel: ["noopener", "noreferrer", "nofollow"] }) };
}

/** An image is small in the note, and whole behind its link. */
function finishImage(node: Node, isInLink: boolean): Node {
  node.properties = { ...node.properties, loading: "lazy", decoding: "async" };
  return isInLink ? node : element("a", { href: node.properties.src, ...NEW_TAB }, [node]);
}

/** What is added once everything is safe: where links lead, what can be scrolled by keyboard, how a box is called, what is folded. */
function finish(node: Node, isInLink = false): void {
  const isLink = isInLink || node.tagName === "a";
  if (node.tagName === "a") finishLink(node);
  if (node.tagName === "pre" || node.tagName === "table") node.properties = { ...node.properties, tabIndex: 0 };
  if (node.tagName === "input") {
    node.properties = { ...node.properties, ariaLabel: node.properties?.checked ? "Done" : "Not done" };
  }
  if (!node.children) return;
  node.children = node.children.flatMap((child) => {
    if (child.tagName === "img") return [finishImage(child, isLink)];
    finish(child, isLink);
    return child.tagName === "pre" ? foldedCode(child) : [child];
  });
}

const processor = (incidentId: string) =>
  unified()
    .use(remarkParse)
    .use(remarkGfm)
    .use(remarkRehype)
    .use(() => (tree: Node) => linkForeignImages(tree, incidentId))
    .use(rehypeSanitize, schema)
    .use(() => (tree: Node) => finish(tree))
    .use(rehypeStringify);

const writer = unified().use(rehypeStringify).freeze();

function asWritten(text: string): string {
  const pre = element("pre", { tabIndex: 0 }, [textNode(text)]);
  const tree = { type: "root", children: foldedCode(pre) };
  return writer.stringify(tree as unknown as Parameters<typeof writer.stringify>[0]);
}

function isCostly(markdown: string): boolean {
  const prose = withoutFencedCode(markdown);
  if (prose.length > MARKDOWN_LENGTH_MAX || MARKER_RUN.test(prose)) return true;
  return (prose.match(/[*_~[\]]/g)?.length ?? 0) > MARKERS_MAX;
}

function render(markdown: string, incidentId: string): string {
  if (isCostly(markdown)) return asWritten(markdown);
  try {
    return String(processor(incidentId).processSync(markdown));
  } catch {
    // Nesting that overflows the stack is still somebody's text.
    return asWritten(markdown);
  }
}

const cache = new Map<string, string>();

/**
 * Markdown as HTML that is safe to show: no raw HTML, no images but those of this incident's files, links to http,
 * https, mailto and here only. What is too long or too deep to parse is shown as it was written.
 */
export function renderMarkdown(markdown: string, incidentId: string): string {
  const key = `${incidentId} ${markdown}`;
  const html = cache.get(key) ?? render(markdown, incidentId);
  cache.delete(key);
  cache.set(key, html);
  if (cache.size > CACHE_ENTRIES_MAX) {
    const [oldest] = cache.keys();
    if (oldest !== undefined) cache.delete(oldest);
  }
  return html;
}
