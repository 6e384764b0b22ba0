/** Every way a request can fail, and the HTTP status it is answered with. */
export const errorStatuses = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  stale: 412,
  too_large: 413,
  unsupported: 415,
  unprocessable: 422,
  rate_limited: 429,
  unavailable: 503,
} as const;

export type ErrorCode = keyof typeof errorStatuses;

/** One wrong field: a JSON pointer into the body, and what is wrong with it. */
export type FieldError = { pointer: string; detail: string };

type Extra = { errors?: readonly FieldError[]; retryAfterSeconds?: number };

/** The only error that commands throw on purpose; its message is shown to people. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly errors: readonly FieldError[];
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, extra: Extra = {}) {
    super(message);
    this.name = "AppError";
    this.code = code;
    this.errors = extra.errors ?? [];
    this.retryAfterSeconds = extra.retryAfterSeconds;
  }
}

/** Refuses one field of an input. @throws AppError "invalid" */
export function refuseField(pointer: string, detail: string): never {
  throw new AppError("invalid", detail, { errors: [{ pointer, detail }] });
}

/** True for an `AppError`, also one from another copy of this module (pages are bundled apart). */
export function isAppError(error: unknown): error is AppError {
  return error instanceof Error && error.name === "AppError" && "code" in error;
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** For the end of an exhaustive switch. */
export function unreachable(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`);
}
