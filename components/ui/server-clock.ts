/** What to add to this device's clock to get the server's. */
let offsetMs = 0;
/** By how much it may be wrong; nothing was measured yet. */
let errorMs = Number.POSITIVE_INFINITY;
let measuredAtMs = 0;

/** A device's clock drifts about this much: an older measurement counts for less. */
const DRIFT = 0.001;

/**
 * Takes a time that the server told: `roundTripMs` after it was asked for, so it is off by half of that at most.
 * The better measurement counts; one from before a sleep has been drifting since. Without a round trip it counts until the first with one.
 */
export function syncClock(serverTime: string, roundTripMs = Number.MAX_SAFE_INTEGER): void {
  const now = Date.now();
  const next = roundTripMs / 2;
  const elapsed = now - measuredAtMs;
  // A clock that went back, or was set while the page was open, tells nothing about what was measured before.
  const before = elapsed < 0 ? Number.POSITIVE_INFINITY : errorMs + elapsed * DRIFT;
  if (next > before) return;
  const halfway = roundTripMs === Number.MAX_SAFE_INTEGER ? 0 : next;
  offsetMs = Date.parse(serverTime) + halfway - now;
  errorMs = next;
  measuredAtMs = now;
}

/** The server's time now, in milliseconds. */
export function serverNowMs(): number {
  return Date.now() + offsetMs;
}
