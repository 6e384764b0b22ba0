import { describe, expect, test } from "vitest";
import { filePath } from "#/server/files/shared/file-link.ts";
import { renderMarkdown as render } from "./render-markdown.ts";
import { noteBody } from "./rules.ts";
import { NOTE_BYTES_MAX } from "./shared/lists.ts";

const HERE = "0b8f2f0e-1111-4111-8111-111111111111";
const ELSEWHERE = "0b8f2f0e-3333-4333-8333-333333333333";
const FILE = "0b8f2f0e-2222-4222-8222-222222222222";
const own = filePath(HERE, FILE);
const foreign = filePath(ELSEWHERE, FILE);
const renderMarkdown = (markdown: string) => render(markdown, HERE);

describe("Markdown of notes", () => {
  test("tables, task lists and code", () => {
    expect(renderMarkdown("| a |\n|---|\n| 1 |")).toContain("<td>1</td>");
    expect(renderMarkdown("- [x] done")).toContain('type="checkbox"');
    expect(renderMarkdown("```sh\nkubectl get pods\n```")).toContain('<pre tabindex="0"><code');
  });

  test.each([
    ["<script>alert(1)</script>"],
    ["<img src=x onerror=alert(1)>"],
    ["[x](javascript:alert(1))"],
    ["[x](JaVaScRiPt:alert(1))"],
    ["[x](data:text/html,<script>alert(1)</script>)"],
    ["![x](https://tracker.example/pixel.png)"],
    ["<a href='https://e.com' onclick='alert(1)'>x</a>"],
    ["<iframe src='https://e.com'></iframe>"],
    ["<svg><animate onbegin=alert(1)></svg>"],
    ["[x]: javascript:alert(1)\n\n[x]"],
  ])("nothing dangerous comes through: %s", (markdown) => {
    const html = renderMarkdown(markdown);
    expect(html).not.toMatch(/<(script|img|iframe|svg|object|style)/i);
    expect(html).not.toMatch(/\son\w+=|javascript:|data:text/i);
  });

  test("links go out without handing over the page", () => {
    expect(renderMarkdown("[runbook](https://e.com/x)")).toBe(
      '<p><a href="https://e.com/x" rel="noopener noreferrer nofollow">runbook</a></p>',
    );
    expect(renderMarkdown("<mailto:a@e.com>")).toContain('href="mailto:a@e.com"');
  });

  test.each([
    ["*a_ ".repeat(15_000)],
    [">".repeat(60_000)],
    ["- ".repeat(30_000)],
    ["[".repeat(60_000)],
    ["~~a".repeat(20_000)],
    ["[a](<b".repeat(9_000)],
  ])("what costs too much to parse is shown as written, at once (%#)", (markdown) => {
    const startedAt = performance.now();
    expect(renderMarkdown(markdown)).toMatch(/^<pre tabindex="0">/);
    expect(performance.now() - startedAt).toBeLessThan(100);
  });
});

describe("images", () => {
  test("of this incident's files are shown, with a link to the whole one", () => {
    expect(renderMarkdown(`![shot "1".png](${own})`)).toBe(
      `<p><a href="${own}" target="_blank" rel="noopener noreferrer"><img src="${own}" alt="shot &#x22;1&#x22;.png" loading="lazy" decoding="async"></a></p>`,
    );
    expect(renderMarkdown(`[![shot](${own})](https://e.com)`)).toContain(`<img src="${own}"`);
    expect(renderMarkdown(`![shot][1]\n\n[1]: ${own}`)).toContain(`<img src="${own}"`);
  });

  test.each([
    ["https://tracker.example/pixel.png"],
    ["//tracker.example/pixel.png"],
    ["/pixel.png"],
    ["pixel.png"],
    [`https://e.com${own}`],
    [`${own}?x=1`],
    [`${own}/../${FILE}`],
    [foreign],
    ["data:image/png;base64,AAAA"],
    ["blob:https://e.com/1"],
    ["javascript:alert(1)"],
    ["/api/v1/incidents/INC-1/files/1"],
    ["/api/auth/signout"],
  ])("from %s are never loaded, and their words stay", (src) => {
    for (const markdown of [`![a shot](${src})`, `[![a shot](${src})](https://e.com)`, `![a shot][1]\n\n[1]: ${src}`]) {
      const html = renderMarkdown(markdown);
      expect(html).not.toContain("<img");
      expect(html).toContain("a shot");
      expect(html).not.toMatch(/javascript:|data:image/);
    }
  });

  test("the same note in another incident shows another incident's file as a link", () => {
    expect(render(`![shot](${own})`, HERE)).toContain("<img");
    expect(render(`![shot](${own})`, ELSEWHERE)).toBe(
      `<p><a href="${own}" target="_blank" rel="noopener noreferrer">shot</a></p>`,
    );
  });

  test("raw HTML is no way around", () => {
    expect(renderMarkdown(`<img src="${own}">`)).not.toContain("<img");
  });
});

describe("long blocks of code", () => {
  const log = Array.from(
    { length: 900 },
    (_, n) => `10:02:${n} [ERROR] pool *_[exhausted]_* after 30,000 ms of waiting <b>`,
  );
  const fenced = (lines: readonly string[], fence = "```") =>
    `Look:\n\n${fence}text\n${lines.join("\n")}\n${fence}\n\n**after**`;

  test("are folded, whole behind their first lines", () => {
    const html = renderMarkdown(fenced(log));
    expect(fenced(log).length).toBeGreaterThan(55_000);
    expect(html).toContain('<details class="long-code"><summary><span>Show all 900 lines</span><span>Show less</span>');
    expect(html.match(/10:02:11 /g)).toHaveLength(2);
    expect(html.match(/10:02:12 /g)).toHaveLength(1);
    expect(html).toContain("10:02:899 ");
    expect(html).not.toContain("<b>");
    expect(html).toContain("<strong>after</strong>");
  });

  test.each([
    ["40 lines", Array(40).fill("x"), false],
    ["41 lines", Array(41).fill("x"), true],
    ["a line of 3,990 characters", ["x".repeat(3_990)], false],
    ["a line of 4,001 characters", ["x".repeat(4_001)], true],
  ])("%s", (_what, lines, isFolded) => {
    expect(renderMarkdown(fenced(lines)).includes("<details")).toBe(isFolded);
  });

  test("a note that is nothing but a log, without a fence", () => {
    const html = renderMarkdown(log.join("\n"));
    expect(html).toMatch(/^<pre tabindex="0">10:02:0 /);
    expect(html).toContain("Show all 900 lines");
    expect(renderMarkdown(`{"a":"${"x".repeat(60_000)}"}`)).toContain("Show all 60,008 characters");
  });

  test.each([
    ["a fence in raw HTML", (costly: string) => `<div>\n\`\`\`\n\n${costly}\n\`\`\`\n`],
    ["a fence that is not closed", (costly: string) => `\`\`\`\nlog\n\n${costly.replaceAll("`", "")}`],
    ["a fence with a backtick behind it", (costly: string) => `\`\`\` a\`\n${costly}\n\`\`\`\n`],
    ["a fence closed by the other kind", (costly: string) => `~~~\nlog\n~~~\n\n${costly}\n\n~~~\n`],
    ["four closed by three", (costly: string) => `\`\`\`\`\nlog\n\`\`\`\`\n${costly}\n\`\`\`\n`],
  ])("%s opens no way to costly text", (_what, around) => {
    const startedAt = performance.now();
    renderMarkdown(around("[".repeat(50_000)));
    renderMarkdown(around("*a_ ".repeat(12_000)));
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  test("many fences, or one that nearly closes everywhere, take a moment", () => {
    const startedAt = performance.now();
    renderMarkdown("```\n".repeat(16_000));
    renderMarkdown(`\`\`\`\`\n${"```\n".repeat(15_000)}`);
    renderMarkdown("~~~x\n".repeat(12_000));
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});

describe("a note's text in its row", () => {
  test("is cut at the limit and not before", () => {
    expect(noteBody("x".repeat(NOTE_BYTES_MAX))).toHaveLength(NOTE_BYTES_MAX);
    expect(noteBody("x".repeat(NOTE_BYTES_MAX + 1))).toHaveLength(NOTE_BYTES_MAX);
    const cut = noteBody(`${"x".repeat(NOTE_BYTES_MAX - 1)}😀`);
    expect(cut).toBe("x".repeat(NOTE_BYTES_MAX - 1));
  });
});

test("boxes of a list say what they are, and cannot be pressed", () => {
  const html = renderMarkdown("- [x] looked\n- [ ] told");
  expect(html).toContain('<input type="checkbox" checked disabled aria-label="Done">');
  expect(html).toContain('<input type="checkbox" disabled aria-label="Not done">');
});
