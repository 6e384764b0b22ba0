import { describe, expect, test } from "vitest";
import { renderMarkdown } from "./render-markdown.ts";
import { noteBody } from "./rules.ts";
import { NOTE_BYTES_MAX } from "./shared/lists.ts";

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
