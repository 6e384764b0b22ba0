import type { MiddlewareHandler } from "hono";
import type { ApiEnv } from "#/server/http/api.ts";
import { AppError } from "#/server/platform/errors.ts";
import { scanJson } from "#/server/platform/scan-json.ts";
import { wellFormed } from "#/server/platform/well-formed.ts";
import { CATALOGUE_BYTES_MAX } from "#/server/services/shared/lists.ts";
import { isUpload } from "./file-body.ts";
import { readUpTo } from "./read-up-to.ts";

/** The one address whose body is a file of its own. */
const CATALOGUE_PATH = /\/services\/catalogue\.yaml$/;

/** A request of the API: the longest note is 64 KiB, and JSON may escape it threefold. */
export const API_BODY_BYTES_MAX = 256 * 1024;

const BODY = { max: API_BODY_BYTES_MAX, what: `A request here has at most ${API_BODY_BYTES_MAX / 1024} KiB.` };
const CATALOGUE = {
  max: CATALOGUE_BYTES_MAX,
  what: `A catalogue has at most ${CATALOGUE_BYTES_MAX / 1024} KiB. Import it in parts.`,
};
/** Escapes that JSON allows and PostgreSQL cannot store: NUL, and halves of a character. */
const SUSPECT_ESCAPE = /\\u(?:0000|d[89a-f])/i;

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
 * Reads the body once, under its limit, and makes JSON storable; routes then read it as usual. Files wait for `fileBody`.
 * An address with an encoded NUL is refused: no name or text has one.
 */
export function apiBodyLimit(): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    if (c.req.url.includes("%00")) throw new AppError("invalid", "The address holds a NUL character.");
    const { body } = c.req.raw;
    const isCatalogue = CATALOGUE_PATH.test(c.req.path);
    if (body && c.req.method !== "GET" && c.req.method !== "HEAD" && !isUpload(c)) {
      const bytes = await readUpTo(body, isCatalogue ? CATALOGUE : BODY);
      c.set("rawBody", bytes);
      // Routes read through this cache; it holds promises, whatever its type says.
      const cache = c.req.bodyCache as unknown as { text?: Promise<string>; arrayBuffer?: Promise<ArrayBuffer> };
      if (!isCatalogue && c.req.header("content-type")?.includes("json"))
        cache.text = Promise.resolve(storableJson(bytes));
      else cache.arrayBuffer = Promise.resolve(bytes.buffer);
    }
    await next();
  };
}
