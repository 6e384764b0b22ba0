import type { MiddlewareHandler } from "hono";
import { actorFrom, systemActor } from "#/server/access/index.ts";
import { type Core, ctxFor } from "#/server/events/index.ts";
import type { ApiEnv } from "#/server/http/api.ts";
import { AppError } from "#/server/platform/errors.ts";

/** Whoever opens the set-up link has no account yet: the link's token is checked by the command. */
const SETUP_PATH = "/api/v1/setup";

/** Finds out who asks and makes the request's context. @throws AppError "unauthenticated" */
export function authenticate(core: Core): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const isSetup = c.req.method === "POST" && c.req.path === SETUP_PATH;
    const actor = isSetup ? systemActor : await actorFrom(core, c.req.raw.headers);
    if (!actor) throw new AppError("unauthenticated", "Sign in, or send a token: Authorization: Bearer <token>.");
    c.set("ctx", ctxFor(core, actor, c.var.requestId ?? ""));
    await next();
  };
}
