import type { MiddlewareHandler } from "hono";
import type { ApiEnv } from "#/server/http/api.ts";

/** What each answer of the API says to browsers, unless the route says otherwise. */
const HEADERS: Readonly<Record<string, string>> = {
  "x-content-type-options": "nosniff",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  // Answers depend on who asks and change by the second.
  "cache-control": "no-store",
};

/** Adds the headers that keep browsers from guessing, framing and caching. */
export function apiHeaders(): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    await next();
    for (const [name, value] of Object.entries(HEADERS)) {
      if (!c.res.headers.has(name)) c.res.headers.set(name, value);
    }
  };
}
