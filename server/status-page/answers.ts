import { createHash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { posix } from "node:path";
import { gzipSync } from "node:zlib";

export type PageAnswer = { status: number; headers: Record<string, string>; body: Buffer };
/** A document as it is answered: its bytes, packed and unpacked, and what it is recognised by. */
export type Ready = { body: Buffer; gzip: Buffer; tag: string; type: string };

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
};
/** New content reaches everybody within seconds; a proxy may go on showing the old one for a day when we are down. */
const CACHE = "public, max-age=5, stale-while-revalidate=30, stale-if-error=86400";
/** No script, no foreign source, no form to elsewhere: the page needs none. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** Gets a document ready to be answered without further work; what did not change is taken over. */
export function makeReady(path: string, body: Buffer, before?: Ready): Ready {
  if (before?.body.equals(body)) return before;
  const tag = createHash("sha256").update(body).digest("base64url").slice(0, 27);
  const type = types[posix.extname(path)] ?? "application/octet-stream";
  return { body, gzip: gzipSync(body, { level: 9 }), tag, type };
}

function acceptsGzip(header: string | string[] | undefined): boolean {
  const offers = String(header ?? "").split(",");
  return offers.some((offer) => /^\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*$)[\d.]+\s*)?$/i.test(offer));
}

function isKnown(header: string | string[] | undefined, tag: string): boolean {
  return String(header ?? "")
    .split(",")
    .map((one) => one.trim().replace(/^W\//, ""))
    .some((one) => one === "*" || one === `"${tag}"` || one === `"${tag}-gzip"`);
}

function headersOf(ready: Ready, isPacked: boolean): Record<string, string> {
  return {
    "content-type": ready.type,
    "cache-control": CACHE,
    etag: isPacked ? `"${ready.tag}-gzip"` : `"${ready.tag}"`,
    vary: "Accept-Encoding",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": PAGE_POLICY,
    ...(isPacked && { "content-encoding": "gzip" }),
    ...(/json|xml/.test(ready.type) && { "access-control-allow-origin": "*" }),
  };
}

/** The answer of one document: unpacked, packed, or nothing new. Pure. */
export function answerOf(ready: Ready, headers: IncomingHttpHeaders, status = 200): PageAnswer {
  const isPacked = acceptsGzip(headers["accept-encoding"]);
  const answer = headersOf(ready, isPacked);
  if (status === 200 && isKnown(headers["if-none-match"], ready.tag)) {
    const { "content-type": _, "content-encoding": __, ...rest } = answer;
    return { status: 304, headers: rest, body: Buffer.alloc(0) };
  }
  const body = isPacked ? ready.gzip : ready.body;
  return { status, headers: { ...answer, "content-length": String(body.length) }, body };
}

/** The key of a request's path: without query and final slash. Pure. */
export function keyOf(path: string): string {
  const bare = path.split(/[?#]/, 1)[0] ?? "";
  return bare.length > 1 && bare.endsWith("/") ? bare.slice(0, -1) : bare;
}
