import type { Tone } from "#/components/ui/tag.tsx";
import type { AlertFacetName, AlertSeverity, AlertStatus } from "#/server/alerts/shared/lists.ts";

/** How each status of an alert looks: sign, word and tone. */
export const alertLooks: Record<AlertStatus, { sign: string; word: string; tone: Tone }> = {
  firing: { sign: "◆", word: "Firing", tone: "bad" },
  acknowledged: { sign: "◇", word: "Acknowledged", tone: "warn" },
  resolved: { sign: "●", word: "Resolved", tone: "ok" },
  suppressed: { sign: "–", word: "Suppressed", tone: "plain" },
};

export const alertSeverityWords: Record<AlertSeverity, string> = {
  critical: "Critical",
  error: "Error",
  warning: "Warning",
  info: "Info",
};

export const facetWords: Record<AlertFacetName, string> = {
  status: "Status",
  severity: "Severity",
  service: "Service",
  source: "Source",
  integration: "Integration",
  route: "Route",
  team: "Team",
};

/** The word for a value of a facet; `label` is what the server calls it. Pure. */
export function facetValueWord(name: AlertFacetName, value: string, label: string): string {
  if (name === "status") return alertLooks[value as AlertStatus]?.word ?? label;
  if (name === "severity") return alertSeverityWords[value as AlertSeverity] ?? label;
  return label;
}

/** Whose API the details of an alert come from. Pure. */
export function detailsFrom(source: string): string {
  return source.startsWith("sentry") ? "Sentry" : "PagerDuty";
}
