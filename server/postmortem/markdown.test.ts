import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FileView } from "#/server/files/contract.ts";
import { filePath } from "#/server/files/shared/file-link.ts";
import { withFileLinks } from "./file-links.ts";
import { fromMarkdown } from "./from-markdown.ts";
import { bold, bulletList, type ContentNode, code, heading, link, paragraph, text } from "./shared/content.ts";
import { postmortemSchema } from "./shared/schema.ts";
import { toMarkdown } from "./to-markdown.ts";

const HERE = "0b8f2f0e-1111-4111-8111-111111111111";
const FILE = "0b8f2f0e-2222-4222-8222-222222222222";

const doc = (...content: ContentNode[]): ContentNode => ({ type: "doc", content });
const written = (...content: ContentNode[]) => toMarkdown(doc(...content)).trimEnd();

/** What a reader of the Markdown sees, without marks. */
function seen(nodes: readonly ContentNode[]): string {
  return nodes
    .map((node) => {
      if (node.type === "hardBreak") return "\n";
      return node.text ?? seen(node.content ?? []) + (node.type === "paragraph" ? "¶" : "");
    })
    .join("");
}

describe("to Markdown", () => {
  test.each<[string, ContentNode[], string]>([
    ["a heading of the first level becomes a section", [heading(1, "Overview")], "## Overview"],
    ["marks", [paragraph(text("a "), text("b", bold), text(" c", { type: "italic" }))], "a **b** *c*"],
    ["spaces stay outside of marks", [paragraph(text(" b ", bold), text("c"))], "**b** c"],
    ["neighbours share a mark", [paragraph(text("a", bold), text("b", bold, { type: "italic" }))], "**a*b***"],
    ["code keeps its signs", [paragraph(text("a`*b", code))], "``a`*b``"],
    [
      "a link",
      [paragraph(text("the graph", link("https://g.example/a_(b)")))],
      "[the graph](https://g.example/a_%28b%29)",
    ],
    ["a link to a script is only its words", [paragraph(text("x", link("javascript:alert(1)")))], "x"],
    ["signs are kept as signs", [paragraph(text("*a* [b](c) <i> a_b _c_"))], "\\*a\\* \\[b\\](c) \\<i> a_b \\_c\\_"],
    [
      "the start of a line is no list",
      [paragraph(text("- a")), paragraph(text("1. b")), paragraph(text("# c"))],
      "\\- a\n\n1\\. b\n\n\\# c",
    ],
    [
      "an ordered list counts on",
      [{ ...bulletList([[paragraph(text("a"))], [paragraph(text("b"))]]), type: "orderedList", attrs: { start: 9 } }],
      "9. a\n10. b",
    ],
    ["lists in lists", [bulletList([[paragraph(text("a")), bulletList([[paragraph(text("b"))]])]])], "- a\n  - b"],
    [
      "code blocks",
      [{ type: "codeBlock", attrs: { language: "sql" }, content: text("select 1;\n```") }],
      "````sql\nselect 1;\n```\n````",
    ],
    ["quotes", [{ type: "blockquote", content: [paragraph(text("a")), paragraph(text("b"))] }], "> a\n>\n> b"],
    ["hard breaks", [paragraph(text("a"), [{ type: "hardBreak" }], text("- b"))], "a\\\n\\- b"],
    ["empty lines go", [paragraph(), paragraph(text("a")), paragraph()], "a"],
  ])("%s", (_, content, expected) => {
    expect(written(...content)).toBe(expected);
  });

  test("plain words come back from Markdown as they were, whatever they are", () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[a-z*_`#>|~[\]()<&;:!\\0-9.+=-]{1,6}$/), { minLength: 1, maxLength: 6 }),
        (words) => {
          const sentence = words.join(" ");
          expect(seen(fromMarkdown(written(paragraph(text(sentence)))))).toBe(`${sentence}¶`);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe("from Markdown", () => {
  const samples = [
    "Rolled back **release 42**",
    "a\nb  \nc",
    "# Title\n\n1. one\n2. two\n   - three\n\n```sh\nkubectl get pods\n```\n\n> quoted\n\n---\n",
    "| a | b |\n| - | - |\n| 1 | 2 |",
    "Look: <script>alert(1)</script> and ![alt](https://x.example/i.png) [bad](javascript:alert(1)) ~~gone~~",
    "- [ ] open\n- [x] done",
    `${"> ".repeat(300)}deep`,
    `${"- ".repeat(100)}deep`,
    "-",
    "",
  ];

  test.each(samples)("gives what the schema knows: %j", (markdown) => {
    const content = fromMarkdown(markdown);
    postmortemSchema.nodeFromJSON(doc(...(content.length > 0 ? content : [paragraph()]))).check();
  });

  test("any text gives what the schema knows", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ab*_`#>|~[\]()<&!\\1.\n +=-]{0,60}$/), (markdown) => {
        const content = fromMarkdown(markdown);
        postmortemSchema.nodeFromJSON(doc(...(content.length > 0 ? content : [paragraph()]))).check();
      }),
      { numRuns: 2_000 },
    );
  });

  test("raw HTML stays as words, and a script is no link", () => {
    const markdown = written(...fromMarkdown(samples[4] ?? ""));
    expect(markdown).not.toContain("javascript:");
    expect(markdown).toContain("~~gone~~");
    expect(markdown).toContain("\\<script>");
  });
});

describe("files of notes", () => {
  const [url, other] = [filePath(HERE, FILE), filePath(FILE, FILE)];
  const known = { incidentId: HERE, publicUrl: "https://muster.example" };
  const file = { id: FILE, name: "shot.png" } as FileView;
  const exported = (markdown: string, files: FileView[]) =>
    toMarkdown(withFileLinks(doc(...fromMarkdown(markdown)), { ...known, files })).trimEnd();

  test("stay in the text, as links that the schema knows", () => {
    const content = fromMarkdown(`![shot.png](${url}) and [a.log](${url})`);
    expect(content).toEqual([paragraph(text("shot.png", link(url)), text(" and "), text("a.log", link(url)))]);
    postmortemSchema.nodeFromJSON(doc(...content)).check();
  });

  test("leave the server with its address, also from another incident", () => {
    expect(exported(`![shot.png](${url})`, [file])).toBe(`[shot.png](https://muster.example${url})`);
    expect(exported(`- **[a.log](${other})**`, [])).toBe(`- [**a.log**](https://muster.example${other})`);
    expect(exported("[runbook](https://e.com)", [])).toBe("[runbook](https://e.com)");
  });

  test("that were removed say so", () => {
    expect(exported(`see ![shot.png](${url}).`, [])).toBe("see shot.png (removed).");
  });

  test("no other address of this server is a link", () => {
    expect(exported("[x](/api/v1/users) [y](/status)", [])).toBe("x y");
  });
});
