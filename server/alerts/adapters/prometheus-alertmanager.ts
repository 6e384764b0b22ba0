import { sha256 } from "#/server/platform/crypto.ts";
import { type Adapter, fieldsOf, labelsOf, linkOf, severityOf, textOf, timeOf } from "./adapter.ts";

/** Labels that name the service, the most telling first. */
const SERVICE_LABELS = ["service", "app", "application", "component", "job"];

/** A fingerprint for senders that leave it out: their labels, sorted. */
function fingerprintOf(labels: Record<string, string>): string {
  return sha256(JSON.stringify(Object.entries(labels).sort())).slice(0, 16);
}

/**
 * Alertmanager's webhook, version 4 (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config) and 3.
 * The status of each alert counts, not the group's.
 */
export const prometheusAlertmanager: Adapter = {
  source: "prometheus-alertmanager",
  split(body) {
    const list = fieldsOf(body)?.alerts;
    return Array.isArray(list) && list.length > 0 && list.every((item) => fieldsOf(item)?.labels) ? list : null;
  },
  normalise(item) {
    const fields = fieldsOf(item);
    if (!fields) return null;
    const labels = labelsOf(fields.labels);
    const annotations = fieldsOf(fields.annotations) ?? {};
    const name = labels.alertname ?? "Alert";
    const endsAt = timeOf(fields.endsAt);
    return {
      status: fields.status === "resolved" ? "resolved" : "firing",
      dedupKey: textOf(fields, "fingerprint") ?? fingerprintOf(labels),
      title: textOf(annotations, "summary", "title", "message") ?? name,
      description: textOf(annotations, "description", "message") ?? "",
      severity: severityOf(labels.severity ?? textOf(annotations, "severity")),
      service: SERVICE_LABELS.map((label) => labels[label]).find((value) => value) ?? null,
      labels,
      links: [
        ...linkOf("runbook", "Runbook", textOf(annotations, "runbook_url", "runbook")),
        ...linkOf("dashboard", "Dashboard", textOf(annotations, "dashboard_url", "dashboard")),
        ...linkOf("source", "Prometheus", textOf(fields, "generatorURL")),
      ],
      startsAt: timeOf(fields.startsAt),
      endsAt: fields.status === "resolved" ? endsAt : null,
    };
  },
};
