import { html } from "hono/html";
import { logoPath } from "../logo.ts";
import type { PageModel } from "../model.ts";
import type { Indicator } from "../rules.ts";
import { timeOf } from "./dates.ts";
import { stylePath } from "./style.ts";

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

/** No script, no foreign source, no form to elsewhere: the page needs none. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/** The same where a page says it itself, for servers of files that send no headers of ours. */
const META_POLICY = PAGE_POLICY.replace("; frame-ancestors 'none'", "");

/** How the note about a stored copy begins on a page that is none; see `asStored`. */
const NOT_STORED = '<p class="stored" hidden>';

/**
 * A page as it lies on disk: it says that it is a copy, and of when. Whoever serves the files may do so because the
 * server that makes them is away. Pure.
 */
export function asStored(page: Buffer): Buffer {
  return Buffer.from(page.toString("utf8").replace(NOT_STORED, NOT_STORED.replace(" hidden", "")));
}

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

/** What every page of a model shares. */
export type Frame = Pick<PageModel, "page" | "builtAt">;
type Page = {
  title: string;
  content: Html;
  isIndexed?: boolean;
  /** Without anything of the page itself, its key and colour neither: for who may not read it. */
  isBare?: boolean;
};

/** A path of the page as its readers open it: a page that is read by its link carries its key along. Pure. */
export function linkTo({ page }: Frame, path: string, anchor = ""): string {
  return `${path}${page.suffix}${anchor}`;
}

function headerOf(frame: Frame): Html {
  const { logo, name } = frame.page;
  const shown = logo
    ? html`<img class="logo" src="${linkTo(frame, logoPath(logo))}" alt="${name}" width="${logo.width}" height="${logo.height}">`
    : name;
  return html`<header><div class="name"><a href="${linkTo(frame, "/status")}">${shown}</a></div><nav aria-label="Status page"><a href="${linkTo(frame, "/status/history")}">History</a><a href="${linkTo(frame, "/subscribe")}">Subscribe</a></nav></header>`;
}

/** A whole page as bytes. Reads without JavaScript, on a phone, in both themes. */
export async function renderPage(
  frame: Frame,
  { title, content, isIndexed = true, isBare = false }: Page,
): Promise<Buffer> {
  const { name, color, suffix } = frame.page;
  const to = (path: string) => linkTo(frame, path);
  const feeds = html`<link rel="icon" type="image/svg+xml" href="${to("/status/icon.svg")}">
<link rel="alternate" type="application/atom+xml" title="${name}" href="${to("/status/feed.atom")}">
<link rel="alternate" type="application/rss+xml" title="${name}" href="${to("/status/feed.rss")}">`;
  const footer = html`<footer><a href="${to("/status")}">Status</a><a href="${to("/status/history")}">History</a><a href="${to("/status/feed.atom")}">Atom</a><a href="${to("/status/feed.rss")}">RSS</a><a href="${to("/api/v2/summary.json")}">API</a><span>Times in UTC</span></footer>`;
  const stored = html`<p class="stored" hidden><b>Stored copy.</b> This is how things were at ${timeOf(frame.builtAt)}. What was published later is not on it.</p>`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${META_POLICY}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title}</title>
${isIndexed && !suffix ? "" : html`<meta name="robots" content="noindex">`}
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="stylesheet" href="${isBare ? stylePath(null) : to(stylePath(color))}">
${isBare ? "" : feeds}
</head>
<body>
<a class="skip" href="#main">To the content</a>
<div class="wrap">
${isBare ? "" : headerOf(frame)}
<main id="main">
${isBare ? "" : stored}
${content}
</main>
${isBare ? "" : footer}
</div>
</body>
</html>
`;
  return Buffer.from((await page).toString());
}
