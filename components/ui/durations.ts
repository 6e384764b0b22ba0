const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A span in its largest whole unit: `40 s`, `24 min`, `3 h`, `2 d`. Negative spans read as `0 s`. */
export function inWords(spanMs: number): string {
  const ms = Math.max(0, spanMs);
  if (ms < MINUTE_MS) return `${Math.floor(ms / SECOND_MS)} s`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`;
  if (ms < 2 * DAY_MS) return `${Math.floor(ms / HOUR_MS)} h`;
  return `${Math.floor(ms / DAY_MS)} d`;
}

/** A span as a clock shows it: `00:23:41`, or `04:12` without hours. Negative spans read as zero. */
export function asClock(spanMs: number, { hasHours = true } = {}): string {
  const seconds = Math.floor(Math.max(0, spanMs) / SECOND_MS);
  const hours = Math.floor(seconds / 3_600);
  const parts = [Math.floor((seconds % 3_600) / 60), seconds % 60];
  if (hasHours || hours > 0) parts.unshift(hours);
  return parts.map((part) => String(part).padStart(2, "0")).join(":");
}
