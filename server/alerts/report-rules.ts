import type { AlertEnding, AlertLink } from "#/db/schema/index.ts";
import type { AlertReport } from "./report.ts";
import { worse } from "./rules.ts";
import type { AlertSeverity } from "./shared/lists.ts";

/** A key that fires so often within the window is one alert that flaps; twice is a coincidence. */
export const FLAP_FIRINGS = 3;
export const FLAP_WINDOW_MS = 15 * 60_000;
/** A flapping alert has calmed down when it stayed as it is for so long. */
export const FLAP_CALM_MS = 10 * 60_000;
/** An alert whose source never says that it is over: a day after it was last seen. */
export const STALE_NEVER_RESOLVES_MS = 24 * 3_600_000;
/** An alert whose source says when it is over, and did not: most senders repeat within hours, some never. */
export const STALE_DEFAULT_MS = 7 * 24 * 3_600_000;
export const LINKS_MAX = 20;
const LABELS_MAX = 100;

type Told = { startsAt: Date; reportedAt: Date | null };

/** When the sender says that this is so; null when it names no time. Pure. */
export function saidAt(report: AlertReport): Date | null {
  return report.at ?? (report.status === "resolved" ? report.endsAt : report.startsAt);
}

/** True for an end that its sender puts before the last report of the open alert. Pure. */
function isBeforeLast(report: AlertReport, open: Told): boolean {
  // The start of the open alert is the receiver's clock when the sender named none: it proves nothing then.
  if (open.reportedAt === null) return false;
  if (report.startsAt && report.startsAt < open.startsAt) return true;
  const at = saidAt(report);
  return at !== null && at < open.reportedAt;
}

/**
 * True for the end of an earlier firing of the key, come late: the present one goes on. An end before all that is known
 * of the key can be of no other firing: senders' clocks differ from one of their machines to the next. Pure.
 */
export function isLateEnd(
  report: AlertReport,
  open: Told & { firstReportedAt: Date | null },
  hasPast: boolean,
): boolean {
  if (!isBeforeLast(report, open)) return false;
  if (hasPast || (report.startsAt && report.startsAt < open.startsAt)) return true;
  const at = saidAt(report);
  return at !== null && open.firstReportedAt !== null && at >= open.firstReportedAt;
}

/** True for a firing that its sender has ended already, come late. Pure. */
export function isLateFiring(report: AlertReport, past: Told & { ending: AlertEnding | null }): boolean {
  // Whoever else ended it did not make the sender's problem go away.
  if (past.ending && past.ending.rule !== "sender") return false;
  if (report.startsAt && report.startsAt <= past.startsAt) return true;
  const at = saidAt(report);
  return at !== null && past.reportedAt !== null && at < past.reportedAt;
}

/** True when an end that came first is of this firing. Pure. */
export function isEndedBefore(report: AlertReport, end: Date | null): boolean {
  const at = saidAt(report);
  return end !== null && at !== null && at <= end;
}

/** The last firings of a key with one more; the last few are kept. Pure. */
export function startsWith(recent: readonly number[], start: Date): number[] {
  return [...recent, start.getTime()].sort((a, b) => a - b).slice(-FLAP_FIRINGS);
}

/** True when these firings of one key are a flapping. Pure. */
export function isFlapping(starts: readonly number[]): boolean {
  const first = starts.at(-FLAP_FIRINGS);
  const last = starts.at(-1);
  return first !== undefined && last !== undefined && last - first <= FLAP_WINDOW_MS;
}

export type StalePolicy = { neverResolves: boolean; routeMinutes: number | null };

/** When an alert that is not heard of any more counts as over, and why in words for people. Pure. */
export function staleAt(
  policy: StalePolicy,
  alert: { holdsUntil: Date | null; lastAt: Date },
): { at: Date; rule: string; text: string } {
  const { holdsUntil, lastAt } = alert;
  if (holdsUntil && holdsUntil > lastAt) {
    const text = `Its sender said that it ends at ${holdsUntil.toISOString()} unless it is repeated.`;
    return { at: holdsUntil, rule: "stale-sender", text };
  }
  const after = (ms: number) => new Date(lastAt.getTime() + ms);
  if (policy.routeMinutes !== null) {
    const text = `Not heard of for ${policy.routeMinutes} minutes, the time its route allows.`;
    return { at: after(policy.routeMinutes * 60_000), rule: "stale-route", text };
  }
  if (policy.neverResolves) {
    const text = "Its source never says when a problem is over, and it was not heard of for 24 hours.";
    return { at: after(STALE_NEVER_RESOLVES_MS), rule: "stale-source", text };
  }
  return { at: after(STALE_DEFAULT_MS), rule: "stale", text: "Not heard of for 7 days." };
}

/** What an alert is called when its sender gives it no title. Pure. */
export function titleOf(report: Pick<AlertReport, "title" | "description">, integrationName: string): string {
  const title = report.title ?? report.description?.split("\n")[0] ?? `Alert from ${integrationName}`;
  return title.slice(0, 300);
}

type Known = {
  title: string;
  description: string;
  severity: AlertSeverity;
  severityWord: string | null;
  labels: Record<string, string>;
  links: AlertLink[];
};

/**
 * What a repeat adds to an alert: a worse severity, and what was empty. Nothing that is known is overwritten. Pure.
 * A title counts as empty while it is the one made up for a sender that gave none.
 */
export function filledIn(open: Known, report: AlertReport, integrationName: string): Partial<Known> {
  const madeUp = titleOf({ title: null, description: open.description || null }, integrationName);
  const isUntitled =
    open.title === madeUp || open.title === titleOf({ title: null, description: null }, integrationName);
  const urls = new Set(open.links.map((link) => link.url));
  const links = [...open.links, ...report.links.filter((link) => !urls.has(link.url))].slice(0, LINKS_MAX);
  const fresh = Object.entries(report.labels).filter(([name]) => open.labels[name] === undefined);
  const labels = { ...Object.fromEntries(fresh.slice(0, LABELS_MAX)), ...open.labels };
  const severity = report.severity ? worse(open.severity, report.severity) : open.severity;
  return {
    ...(isUntitled && report.title && { title: report.title.slice(0, 300) }),
    ...(!open.description && report.description && { description: report.description.slice(0, 4_000) }),
    ...(!open.severityWord && report.severityWord && { severityWord: report.severityWord.slice(0, 100) }),
    ...(links.length > open.links.length && { links }),
    ...(fresh.length > 0 && { labels }),
    ...(severity !== open.severity && { severity }),
  };
}

/** Why a muted alert is placed after all. */
export const MUTE_ENDED = "What kept it quiet has ended, and it still fires.";

type Quiet = { status: string; dueAt: Date | null; explanation: { mute?: unknown } };

/** True when the mute or silence that kept an alert quiet is over, so that its next report places it. Pure. */
export function isReleased(alert: Quiet, now: Date): boolean {
  const isMuted = alert.status === "suppressed" && alert.explanation.mute !== undefined;
  return isMuted && alert.dueAt !== null && alert.dueAt <= now;
}
