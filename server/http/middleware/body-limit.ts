import type { MiddlewareHandler } from "hono";
import type { ApiEnv } from "#/server/http/api.ts";
import { AppError } from "#/server/platform/errors.ts";
import { scanJson } from "#/server/platform/scan-json.ts";
import { wellFormed } from "#/server/platform/well-formed.ts";

/** A request of the API: the longest note is 64 KiB, and JSON may escape it threefold. */
export const API_BODY_BYTES_MAX = 256 * 1024;
/** A file of 10 MiB with the multipart wrapping around it. */
export const FILE_BODY_BYTES_MAX = 10 * 1024 * 1024 + 64 * 1024;
/** Of a body that is too large so much is read and dropped, so that the sender sees the answer. */
const DRAIN_BYTES_MAX = 16 * 1024 * 1024;

const FILES_PATH = /\/incidents\/[^/]+\/files\/?$/;
/** Escapes that JSON allows and PostgreSQL cannot store: NUL, and halves of a character. */
const SUSPECT_ESCAPE = /\\u(?:0000|d[89a-f])/i;

function tooLarge(max: number): AppError {
  return new AppError("too_large", `A request here has at most ${Math.floor(max / 1024)} KiB.`);
}

async function drain(reader: ReadableStreamDefaultReader<Uint8Array>, from: number): Promise<void> {
  let total = from;
  while (total < DRAIN_BYTES_MAX) {
    const { done, value } = await reader.read();
    if (done) return;
    total += value.byteLength;
  }
  await reader.cancel();
}

async function readUpTo(body: ReadableStream<Uint8Array>, max: number): Promise<Uint8Array<ArrayBuffer>> {
  const reader = body.getReader();
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return new Uint8Array(Buffer.concat(chunks));
    total += value.byteLength;
    if (total > max) {
      await drain(reader, total);
      throw tooLarge(max);
    }
    chunks.push(value);
  }
}

/** JSON text without what the database cannot store; text that is no JSON is left to the route's own answer. */
function storableJson(bytes: Uint8Array): string {
  scanJson(bytes);
  const text = new TextDecoder().decode(bytes);
  if (!SUSPECT_ESCAPE.test(text)) return text;
  try {
    return JSON.stringify(wellFormed(JSON.parse(text)));
  } catch {
    return text;
  }
}

/**
 * Reads the body once, under its limit, and makes JSON storable; routes then read it as usual.
 * An address with an encoded NUL is refused: no name or text has one.
 */
export function apiBodyLimit(): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    if (c.req.url.includes("%00")) throw new AppError("invalid", "The address holds a NUL character.");
    const { body } = c.req.raw;
    if (body && c.req.method !== "GET" && c.req.method !== "HEAD") {
      const max = FILES_PATH.test(c.req.path) ? FILE_BODY_BYTES_MAX : API_BODY_BYTES_MAX;
      const bytes = await readUpTo(body, max);
      c.set("rawBody", bytes);
      // Routes read through this cache; it holds promises, whatever its type says.
      const cache = c.req.bodyCache as unknown as { text?: Promise<string>; arrayBuffer?: Promise<ArrayBuffer> };
      if (c.req.header("content-type")?.includes("json")) cache.text = Promise.resolve(storableJson(bytes));
      else cache.arrayBuffer = Promise.resolve(bytes.buffer);
    }
    await next();
  };
}
