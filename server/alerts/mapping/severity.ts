import type { AlertSeverity } from "../shared/lists.ts";

const words: Record<AlertSeverity, readonly string[]> = {
  critical: [
    "critical",
    "crit",
    "page",
    "fatal",
    "emergency",
    "emerg",
    "disaster",
    "blocker",
    "p0",
    "p1",
    "sev0",
    "sev1",
    "sev-0",
    "sev-1",
    "alert",
    "down",
    "outage",
    "severe",
    "urgent",
    "immediate",
  ],
  error: ["error", "err", "high", "major", "p2", "sev2", "sev-2", "failure", "failed", "serious"],
  warning: ["warning", "warn", "medium", "moderate", "average", "minor", "p3", "sev3", "sev-3", "degraded"],
  info: [
    "info",
    "informational",
    "information",
    "notice",
    "low",
    "none",
    "debug",
    "ok",
    "trivial",
    "p4",
    "p5",
    "sev4",
    "sev5",
    "sev-4",
    "sev-5",
    "normal",
    "not classified",
  ],
};
const known = new Map(
  Object.entries(words).flatMap(([severity, list]) => list.map((word) => [word, severity as AlertSeverity])),
);

/** What a sender's word for how bad it is means; null for a word that nobody knows. */
export function knownSeverity(word: string | null): AlertSeverity | null {
  return known.get(word?.trim().toLowerCase() ?? "") ?? null;
}
