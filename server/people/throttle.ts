import { AppError } from "#/server/platform/errors.ts";

/** Failures are counted over this time. */
export const FAILURE_WINDOW_MS = 15 * 60_000;
/** Keys remembered; the oldest are forgotten first. */
const KEYS_MAX = 10_000;

export type Throttle = {
  /**
   * Counts an attempt as a failure before its outcome is known, so that many at once cannot slip through.
   * @throws AppError "rate_limited" when this key has failed too often; then nothing is counted.
   */
  attempt(key: string, failuresMax: number, nowMs: number): void;
  /** Takes back one attempt that turned out right. */
  forgive(key: string): void;
};

/** Counts failures by key in this process's memory. */
export function createThrottle(): Throttle {
  const failures = new Map<string, number[]>();
  return {
    attempt(key, failuresMax, nowMs) {
      const recent = (failures.get(key) ?? []).filter((at) => nowMs - at < FAILURE_WINDOW_MS);
      const oldest = recent[0];
      if (oldest !== undefined && recent.length >= failuresMax) {
        const retryAfterSeconds = Math.max(1, Math.ceil((oldest + FAILURE_WINDOW_MS - nowMs) / 1000));
        throw new AppError(
          "rate_limited",
          `Too many wrong passwords. Try again in ${Math.ceil(retryAfterSeconds / 60)} min.`,
          { retryAfterSeconds },
        );
      }
      failures.delete(key);
      failures.set(key, [...recent, nowMs]);
      if (failures.size > KEYS_MAX) failures.delete(failures.keys().next().value as string);
    },
    forgive(key) {
      const left = (failures.get(key) ?? []).slice(0, -1);
      if (left.length > 0) failures.set(key, left);
      else failures.delete(key);
    },
  };
}
