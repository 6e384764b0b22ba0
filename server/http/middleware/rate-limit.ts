import type { MiddlewareHandler } from "hono";
import type { Actor } from "#/server/access/index.ts";
import type { Core } from "#/server/events/index.ts";
import type { ApiEnv } from "#/server/http/api.ts";
import { createRateLimit } from "#/server/http/rate-limit.ts";
import { AppError, isAppError } from "#/server/platform/errors.ts";

/** Requests a second that one session or token may make on and on: far above what a busy room or a script needs. */
export const API_RATE_PER_SECOND = 200;
/** What it may make at once after a pause. */
export const API_BURST = 2_000;

function keyOf(actor: Actor): string {
  if (actor.kind === "system") return "nobody";
  return actor.tokenId ?? actor.sessionId ?? actor.userId;
}

/** Slows one session or token down before it slows everybody down. @throws AppError "rate_limited" */
export function rateLimit(core: Core): MiddlewareHandler<ApiEnv> {
  const limit = createRateLimit(API_RATE_PER_SECOND, API_BURST);
  return async (c, next) => {
    try {
      limit.take(keyOf(c.var.ctx.actor), core.now().getTime());
    } catch (error) {
      if (!isAppError(error)) throw error;
      throw new AppError("rate_limited", "Too many requests. Wait a moment, then go on.", {
        retryAfterSeconds: error.retryAfterSeconds ?? 1,
      });
    }
    await next();
  };
}
