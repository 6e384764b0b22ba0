import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { AppError, type ErrorCode, errorStatuses, isAppError, messageOf } from "#/server/platform/errors.ts";
import { type Log, loggablePath } from "#/server/platform/log.ts";

const titles: Record<ErrorCode, string> = {
  invalid: "Invalid request",
  unauthenticated: "Sign in first",
  forbidden: "Not allowed",
  not_found: "Not found",
  conflict: "Conflict",
  stale: "Changed in the meantime",
  too_large: "Too large",
  unsupported: "Unsupported media type",
  unprocessable: "Cannot be processed",
  rate_limited: "Too many requests",
  unavailable: "Not available right now",
};

/** The RFC 9457 document of an error. */
export function problemOf(error: AppError) {
  return {
    type: `/api/docs#problem-${error.code}`,
    title: titles[error.code],
    status: errorStatuses[error.code],
    detail: error.message,
    ...(error.errors.length > 0 && { errors: error.errors }),
  };
}

function asAppError(error: unknown): AppError | undefined {
  if (isAppError(error)) return error;
  if (error instanceof HTTPException) {
    if (error.status === 413) return new AppError("too_large", "The body is too large.");
    if (error.status === 400) return new AppError("invalid", error.message || "The body is not valid JSON.");
  }
  if (error instanceof SyntaxError) return new AppError("invalid", "The body is not valid JSON.");
  return undefined;
}

/** The one place where an error becomes an HTTP answer. What nobody foresaw is a 500 with the request's id. */
export function answerProblem(c: Context, error: unknown, log: Log): Response {
  const known = asAppError(error);
  if (known) {
    const headers: Record<string, string> = { "content-type": "application/problem+json" };
    if (known.retryAfterSeconds !== undefined) headers["retry-after"] = String(known.retryAfterSeconds);
    if (known.code === "unauthenticated") headers["www-authenticate"] = "Bearer";
    const problem = problemOf(known);
    return c.body(JSON.stringify(problem), problem.status as 400, headers);
  }
  const requestId = c.get("requestId") as string | undefined;
  log.error(
    {
      requestId,
      method: c.req.method,
      path: loggablePath(c.req.path),
      error: messageOf(error),
      stack: error instanceof Error ? error.stack : undefined,
    },
    "unexpected error",
  );
  const problem = {
    type: "about:blank",
    title: "Unexpected error",
    status: 500,
    detail: `Something went wrong here. The log names it by ${requestId ?? "its time"}.`,
  };
  return c.body(JSON.stringify(problem), 500, { "content-type": "application/problem+json" });
}
