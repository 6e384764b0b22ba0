import { html } from "hono/html";
import type { PageModel } from "../model.ts";
import type { Indicator } from "../rules.ts";
import { STYLE_PATH } from "./style.ts";

/** A piece of HTML in which everything interpolated is escaped. */
export type Html = ReturnType<typeof html>;

/** How each level is shown: a colour, and a sign that can be told without it. */
export const levels = {
  ok: { sign: "●" },
  info: { sign: "◇" },
  warn: { sign: "◆" },
  bad: { sign: "■" },
} as const;
export type Level = keyof typeof levels;

export const levelOfIndicator: Record<Indicator, Level> = {
  none: "ok",
  maintenance: "info",
  minor: "warn",
  major: "warn",
  critical: "bad",
};

/** A page's icon: the sign of its level, so that a tab tells it too. */
export function iconOf(level: Level): string {
  const shapes: Record<Level, string> = {
    ok: '<circle cx="16" cy="16" r="11" fill="#0f9d74"/>',
    info: '<path d="M16 4 28 16 16 28 4 16Z" fill="none" stroke="#2f8fd0" stroke-width="4"/>',
    warn: '<path d="M16 3 29 16 16 29 3 16Z" fill="#d18f00"/>',
    bad: '<rect x="5" y="5" width="22" height="22" rx="3" fill="#d9480f"/>',
  };
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${shapes[level]}</svg>`;
}

type Page = { name: string; title: string; content: Html; hasMail: boolean; isIndexed?: boolean };

/** A whole page as bytes. Reads without JavaScript, on a phone, in both themes. */
export async function renderPage({ name, title, content, hasMail, isIndexed = true }: Page): Promise<Buffer> {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title}</title>
${isIndexed ? "" : html`<meta name="robots" content="noindex">`}
<meta name="color-scheme" content="light dark">
<link rel="stylesheet" href="${STYLE_PATH}">
<link rel="icon" type="image/svg+xml" href="/status/icon.svg">
<link rel="alternate" type="application/atom+xml" title="${name}" href="/status/feed.atom">
<link rel="alternate" type="application/rss+xml" title="${name}" href="/status/feed.rss">
</head>
<body>
<a class="skip" href="#main">To the content</a>
<div class="wrap">
<header><div class="name"><a href="/status">${name}</a></div><nav aria-label="Status page"><a href="/status/history">History</a><a href="${hasMail ? "/status#subscribe" : "/status/feed.atom"}">Subscribe</a></nav></header>
<main id="main">
${content}
</main>
<footer><a href="/status">Status</a><a href="/status/history">History</a><a href="/status/feed.atom">Atom</a><a href="/status/feed.rss">RSS</a><a href="/api/v2/summary.json">API</a><span>Times in UTC</span></footer>
</div>
</body>
</html>
`;
  return Buffer.from((await page).toString());
}

/** The frame that every page of a model shares. */
export function frameOf(model: PageModel): { name: string; hasMail: boolean } {
  return { name: model.page.name, hasMail: model.hasMail };
}
