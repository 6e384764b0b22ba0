import rehypeSanitize, { defaultSchema } from "rehype-sanitize";
import rehypeStringify from "rehype-stringify";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import remarkRehype from "remark-rehype";
import { unified } from "unified";

/** A busy room's notes, and the last few rooms looked at. */
const CACHE_ENTRIES_MAX = 2_000;
/** Beyond this a text is shown as it was written: parsing has quadratic corners. */
const MARKDOWN_LENGTH_MAX = 32 * 1024;
/** Deeper quotes and lists are nobody's writing; parsing them costs the square of their depth. */
const MARKER_RUN = /(?:^|\n)[ \t]*(?:[>*+-][ \t]*){24}|[[\]*_~`!(<]{200}/;

/** Openers that wait for their end: parsing costs the square of their number, a quarter of a second at this one. */
const MARKERS_MAX = 1_500;

type Node = { type: string; tagName?: string; properties?: Record<string, unknown>; children?: Node[] };

const schema = {
  ...defaultSchema,
  tagNames: (defaultSchema.tagNames ?? []).filter((name) => name !== "img" && name !== "picture" && name !== "source"),
  protocols: { ...defaultSchema.protocols, href: ["http", "https", "mailto"] },
};

/** Links say where they do not lead; what is wider than the room can be scrolled by keyboard; a box of a list has a name. */
function finish(node: Node): void {
  if (node.tagName === "a") node.properties = { ...node.properties, rel: ["noopener", "noreferrer", "nofollow"] };
  if (node.tagName === "pre" || node.tagName === "table") node.properties = { ...node.properties, tabIndex: 0 };
  if (node.tagName === "input") {
    node.properties = { ...node.properties, ariaLabel: node.properties?.checked ? "Done" : "Not done" };
  }
  for (const child of node.children ?? []) finish(child);
}

const processor = unified()
  .use(remarkParse)
  .use(remarkGfm)
  .use(remarkRehype)
  .use(rehypeSanitize, schema)
  .use(() => (tree: Node) => finish(tree))
  .use(rehypeStringify)
  .freeze();

const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const asWritten = (text: string) =>
  `<pre tabindex="0">${text.replace(/[&<>"]/g, (char) => escapes[char] ?? char)}</pre>`;

function isCostly(markdown: string): boolean {
  if (markdown.length > MARKDOWN_LENGTH_MAX || MARKER_RUN.test(markdown)) return true;
  return (markdown.match(/[*_~[\]]/g)?.length ?? 0) > MARKERS_MAX;
}

function render(markdown: string): string {
  if (isCostly(markdown)) return asWritten(markdown);
  try {
    return String(processor.processSync(markdown));
  } catch {
    // Nesting that overflows the stack is still somebody's text.
    return asWritten(markdown);
  }
}

const cache = new Map<string, string>();

/**
 * Markdown as HTML that is safe to show: no raw HTML, no images, links to http, https and mailto only.
 * What is too long or too deep to parse is shown as it was written.
 */
export function renderMarkdown(markdown: string): string {
  const known = cache.get(markdown);
  const html = known ?? render(markdown);
  cache.delete(markdown);
  cache.set(markdown, html);
  if (cache.size > CACHE_ENTRIES_MAX) {
    const [oldest] = cache.keys();
    if (oldest !== undefined) cache.delete(oldest);
  }
  return html;
}
