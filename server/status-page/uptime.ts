import { worstState } from "#/server/audience/index.ts";
import type { ComponentStatus } from "#/server/audience/shared/lists.ts";
import { DAY_MS, dayOf } from "./rules.ts";

/** A component's state from an instant on, until the next change. */
export type StateChange = { at: number; status: ComponentStatus };
/** One UTC day of a component; nothing is known of it before the component was on the page. */
export type UptimeDay = {
  day: string;
  /** The worst state of the day, or null when nothing is known of it. */
  worst: ComponentStatus | null;
  /** How long the component was not operational. */
  affectedMs: number;
  /** The part of `affectedMs` that counts as downtime. */
  downMs: number;
  /** How much of the day is known. */
  knownMs: number;
};

/**
 * How much of the time in a state counts as downtime. The weights are those that Statuspage documents: a partial
 * outage counts by three tenths, degraded performance and maintenance do not count.
 */
export const DOWNTIME_WEIGHTS: Record<ComponentStatus, number> = {
  operational: 0,
  under_maintenance: 0,
  degraded_performance: 0,
  partial_outage: 0.3,
  major_outage: 1,
};

/**
 * Each of `days` (UTC, oldest first) as the changes of state tell it, from `since` to `now`. Before the first change the
 * component was operational. Pure.
 */
export function uptimeDays(
  changes: readonly StateChange[],
  days: readonly string[],
  { since, now }: { since: Date; now: Date },
): UptimeDay[] {
  const first = Math.min(since.getTime(), changes[0]?.at ?? Number.POSITIVE_INFINITY);
  const spans = changes.map((change, index) => ({
    from: change.at,
    to: changes[index + 1]?.at ?? now.getTime(),
    status: change.status,
  }));
  return days.map((day) => {
    const start = Math.max(Date.parse(day), first);
    const end = Math.min(Date.parse(day) + DAY_MS, now.getTime());
    const isKnown = day >= dayOf(new Date(first)) && end >= start;
    const told = spans.flatMap(({ from, to, status }) => {
      const ms = Math.min(to, end) - Math.max(from, start);
      // What has only just begun is the day's state before it has lasted.
      const isNow = from === to && from === end;
      return ms > 0 || isNow ? [{ ms: Math.max(ms, 0), status }] : [];
    });
    const bad = told.filter(({ status }) => status !== "operational");
    return {
      day,
      worst: isKnown ? worstState(bad.map(({ status }) => status)) : null,
      affectedMs: bad.reduce((sum, { ms }) => sum + ms, 0),
      downMs: bad.reduce((sum, { ms, status }) => sum + ms * DOWNTIME_WEIGHTS[status], 0),
      knownMs: isKnown ? end - start : 0,
    };
  });
}

/** The share of the known time that was not downtime, from 0 to 1; null when nothing is known. Pure. */
export function uptimeOf(days: readonly UptimeDay[]): number | null {
  const known = days.reduce((sum, day) => sum + day.knownMs, 0);
  if (known <= 0) return null;
  return 1 - days.reduce((sum, day) => sum + day.downMs, 0) / known;
}

/** An uptime for people, rounded down, so that what failed never reads 100 %: `99.91 %`. Pure. */
export function uptimeText(uptime: number): string {
  if (uptime >= 1) return "100 %";
  // Without the grain 0.9999 * 10000 would be 9998.99….
  const hundredths = Math.min(Math.floor(uptime * 10_000 + 1e-6), 9_999);
  return `${(Math.max(hundredths, 0) / 100).toFixed(2)} %`;
}
