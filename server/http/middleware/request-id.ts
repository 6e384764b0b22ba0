import { randomBytes } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import type { ApiEnv } from "#/server/http/api.ts";

/** What a proxy may give as the request's id; anything else is replaced. */
const REQUEST_ID = /^[\w.-]{8,64}$/;
const REQUEST_ID_BYTES = 9;

/** Gives each request an id, the proxy's when it brings a plain one, and says it in `X-Request-Id`. */
export function requestId(): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const given = c.req.header("x-request-id") ?? "";
    const id = REQUEST_ID.test(given) ? given : randomBytes(REQUEST_ID_BYTES).toString("base64url");
    c.set("requestId", id);
    await next();
    c.header("x-request-id", id);
  };
}
