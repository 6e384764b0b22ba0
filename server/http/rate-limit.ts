import { AppError } from "#/server/platform/errors.ts";

/** Deliveries a second that one key may send on and on; far above the 500 alerts that are promised. */
export const HOOK_RATE_PER_SECOND = 1_000;
/** What a key may send at once after a pause. */
export const HOOK_BURST = 5_000;
/** Keys remembered; a full bucket says nothing, so the oldest can be forgotten. */
const BUCKETS_MAX = 10_000;

export type RateLimit = {
  /** Takes one token of a key. @throws AppError "rate_limited" with the seconds to wait. */
  take(key: string, nowMs: number): void;
};

/** A token bucket for each key, in this process's memory. */
export function createRateLimit(perSecond: number, burst: number): RateLimit {
  const buckets = new Map<string, { tokens: number; atMs: number }>();
  return {
    take(key, nowMs) {
      const bucket = buckets.get(key) ?? { tokens: burst, atMs: nowMs };
      const tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.atMs) / 1000) * perSecond);
      buckets.delete(key);
      buckets.set(key, { tokens: Math.max(0, tokens - 1), atMs: nowMs });
      if (buckets.size > BUCKETS_MAX) buckets.delete(buckets.keys().next().value as string);
      if (tokens < 1) {
        throw new AppError("rate_limited", "Too many deliveries with this key. Send again after a moment.", {
          retryAfterSeconds: Math.max(1, Math.ceil((1 - tokens) / perSecond)),
        });
      }
    },
  };
}
