import type { Context, MiddlewareHandler } from "hono";
import { userIdOf } from "#/server/access/index.ts";
import type { Core } from "#/server/events/index.ts";
import { FILE_BYTES_MAX, UPLOAD_BURST, UPLOADS_PER_SECOND } from "#/server/files/shared/lists.ts";
import type { ApiEnv } from "#/server/http/api.ts";
import { createRateLimit } from "#/server/http/rate-limit.ts";
import { AppError, isAppError } from "#/server/platform/errors.ts";
import { readUpTo } from "./read-up-to.ts";

/** A file at its limit with the multipart wrapping around it. */
export const FILE_BODY_BYTES_MAX = FILE_BYTES_MAX + 64 * 1024;
/** Bodies of one person in memory at once; pages send two at a time. */
export const UPLOADS_AT_ONCE_MAX = 4;
const BODY = { max: FILE_BODY_BYTES_MAX, what: `A file has at most ${FILE_BYTES_MAX / 1024 / 1024} MiB.` };
const FILES_PATH = /\/incidents\/[^/]+\/files\/?$/;

/** True for a request that brings a file: its body is read later than others, and may be larger. */
export function isUpload(c: Context<ApiEnv>): boolean {
  return c.req.method === "POST" && FILES_PATH.test(c.req.path);
}

function tooMany(retryAfterSeconds: number): AppError {
  return new AppError("rate_limited", "Too many files at once. Wait a moment, then go on.", { retryAfterSeconds });
}

/**
 * Reads the body of an upload once it is known who sends it: ten megabytes are not kept for strangers, nor for one
 * person without end.
 *
 * @throws AppError "rate_limited" | "too_large" | "unsupported"
 */
export function fileBody(core: Core): MiddlewareHandler<ApiEnv> {
  const limit = createRateLimit(UPLOADS_PER_SECOND, UPLOAD_BURST);
  const underWay = new Map<string, number>();

  function admit(person: string): void {
    if ((underWay.get(person) ?? 0) >= UPLOADS_AT_ONCE_MAX) throw tooMany(1);
    try {
      limit.take(person, core.now().getTime());
    } catch (error) {
      throw isAppError(error) ? tooMany(error.retryAfterSeconds ?? 1) : error;
    }
  }

  return async (c, next) => {
    const { body } = c.req.raw;
    if (!isUpload(c) || !body) return next();
    const person = userIdOf(c.var.ctx.actor) ?? "";
    admit(person);
    underWay.set(person, (underWay.get(person) ?? 0) + 1);
    try {
      if (!/^multipart\/form-data\s*;/i.test(c.req.header("content-type") ?? "")) {
        await readUpTo(body, BODY);
        throw new AppError("unsupported", "Send the file in a form: Content-Type: multipart/form-data, field file.");
      }
      c.set("rawBody", await readUpTo(body, BODY));
      await next();
    } finally {
      const left = (underWay.get(person) ?? 1) - 1;
      if (left > 0) underWay.set(person, left);
      else underWay.delete(person);
    }
  };
}
