import type { Severity } from "#/server/incidents/shared/lists.ts";
import type { AlertSeverity } from "./shared/lists.ts";

/** What an alert's severity suggests for its incident; a person decides. */
export function suggestedSeverity(severity: AlertSeverity): Severity {
  const suggestions: Record<AlertSeverity, Severity> = {
    critical: "SEV1",
    error: "SEV2",
    warning: "SEV3",
    info: "SEV4",
  };
  return suggestions[severity];
}

const order: readonly AlertSeverity[] = ["critical", "error", "warning", "info"];

/** The worse of two severities. */
export function worse(a: AlertSeverity, b: AlertSeverity): AlertSeverity {
  return order.indexOf(a) <= order.indexOf(b) ? a : b;
}

/** The title of the incident that an alert opens: what fails, and where. */
export function incidentTitle(alert: {
  title: string;
  labels: Record<string, string>;
  service: string | null;
}): string {
  const name = alert.labels.alertname;
  const where =
    alert.service && !alert.title.toLowerCase().includes(alert.service.toLowerCase()) ? ` on ${alert.service}` : "";
  const head = name && !alert.title.includes(name) ? `${name}: ` : "";
  return `${head}${alert.title}${where}`.slice(0, 150);
}
