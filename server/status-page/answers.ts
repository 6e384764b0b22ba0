import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { posix } from "node:path";
import { gzipSync } from "node:zlib";
import { PAGE_POLICY } from "./pages/layout.ts";

export type PageAnswer = { status: number; headers: Record<string, string>; body: Buffer };
/** A document as it is answered: its bytes, packed and unpacked, with their headers, and what it is recognised by. */
export type Ready = {
  body: Buffer;
  gzip: Buffer;
  tag: string;
  /** To the second, as HTTP tells it. */
  changedAt: Date;
  isPrivate: boolean;
  plainHeaders: Record<string, string>;
  packedHeaders: Record<string, string>;
};

/** Where the page for everything unknown lies. */
export const NOT_FOUND_PATH = "/status/not-found.html";

const types: Record<string, string> = {
  "": "text/html; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".atom": "application/atom+xml; charset=utf-8",
  ".rss": "application/rss+xml; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".gif": "image/gif",
  ".webp": "image/webp",
};
/** New content reaches everybody within seconds; a proxy may go on showing the old one for a day when we are down. */
const CACHE = "public, max-age=5, stale-while-revalidate=30, stale-if-error=86400";
/** The name says what is in it: it never changes. */
const CACHE_FOR_EVER = "public, max-age=31536000, immutable";
/** Asked about each time: rights end. No proxy keeps it. */
const CACHE_PRIVATE = "private, no-cache";
/** A digest in the name. */
const NAMED_BY_CONTENT = /\.[0-9a-f]{10,12}\.\w+$/;

export function typeOfPath(path: string): string {
  return types[posix.extname(path)] ?? "application/octet-stream";
}

/** What goes with every answer of the page, whoever gets it. */
export const SAFE_HEADERS = {
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "content-security-policy": PAGE_POLICY,
};

type Doc = { path: string; body: Buffer; isPrivate: boolean };

function headersOf({ path, isPrivate }: Doc, tag: string, changedAt: Date): Record<string, string> {
  const type = typeOfPath(path);
  const forAll = NAMED_BY_CONTENT.test(path) ? CACHE_FOR_EVER : CACHE;
  return {
    "content-type": type,
    "cache-control": isPrivate ? CACHE_PRIVATE : forAll,
    etag: `"${tag}"`,
    "last-modified": changedAt.toUTCString(),
    vary: isPrivate ? "Accept-Encoding, Authorization, Cookie" : "Accept-Encoding",
    ...SAFE_HEADERS,
    ...(/json|xml/.test(type) && { "access-control-allow-origin": "*", "access-control-expose-headers": "ETag" }),
  };
}

/** Gets a document ready to be answered without further work; what did not change is taken over. */
export function makeReady(doc: Doc, now: Date, before?: Ready): Ready {
  const { body, isPrivate } = doc;
  if (before && before.isPrivate === isPrivate && before.body.equals(body)) return before;
  const tag = createHash("sha256").update(body).digest("base64url").slice(0, 27);
  const changedAt = new Date(Math.floor(now.getTime() / 1000) * 1000);
  const gzip = gzipSync(body, { level: 9 });
  const headers = headersOf(doc, tag, changedAt);
  return {
    body,
    gzip,
    tag,
    changedAt,
    isPrivate,
    plainHeaders: { ...headers, "content-length": String(body.length) },
    packedHeaders: {
      ...headers,
      etag: `"${tag}-gzip"`,
      "content-encoding": "gzip",
      "content-length": String(gzip.length),
    },
  };
}

function acceptsGzip(header: string | string[] | undefined): boolean {
  if (header === undefined) return false;
  const offers = String(header).split(",");
  return offers.some((offer) => /^\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*$)[\d.]+\s*)?$/i.test(offer));
}

/** Whether the asker has these bytes already: by their tag, or by their time when it names no tag. */
function isKnown(headers: IncomingHttpHeaders, ready: Ready): boolean {
  const tags = headers["if-none-match"];
  if (tags !== undefined) {
    return String(tags)
      .split(",")
      .map((one) => one.trim().replace(/^W\//, ""))
      .some((one) => one === "*" || one === `"${ready.tag}"` || one === `"${ready.tag}-gzip"`);
  }
  const since = Date.parse(String(headers["if-modified-since"] ?? ""));
  return since >= ready.changedAt.getTime();
}

/** The answer of one document: unpacked, packed, or nothing new. Pure. */
export function answerOf(ready: Ready, headers: IncomingHttpHeaders, status = 200): PageAnswer {
  const isPacked = acceptsGzip(headers["accept-encoding"]);
  const answer = isPacked ? ready.packedHeaders : ready.plainHeaders;
  if (status === 200 && isKnown(headers, ready)) {
    const { "content-type": _, "content-encoding": __, "content-length": ___, ...rest } = answer;
    return { status: 304, headers: rest, body: Buffer.alloc(0) };
  }
  return { status, headers: answer, body: isPacked ? ready.gzip : ready.body };
}

/** The key of a request's path: without query and final slash. Pure. */
export function keyOf(path: string): string {
  const bare = path.split(/[?#]/, 1)[0] ?? "";
  return bare.length > 1 && bare.endsWith("/") ? bare.slice(0, -1) : bare;
}
