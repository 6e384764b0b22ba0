import { and, eq, ne } from "drizzle-orm";
import { alerts } from "#/db/schema/index.ts";
import { keyOf } from "./known-alerts.ts";
import type { IntegrationRow } from "./receive-delivery.ts";
import type { AlertReport } from "./report.ts";
import type { Turn } from "./routing/turn.ts";
import type { Ingested } from "./take-in.ts";

/** What a sender may do to an alert that it reported, beside ending and acknowledging it. */
const EDITS = ["message", "description", "priority", "details", "tags", "notes", "unacknowledge"];
/** What has no meaning here: kept with the delivery, and changes nothing. */
const KEPT_ONLY = ["assign", "escalate", "responders", "teams", "actions"];
const NOTE_LENGTH_MAX = 2_000;

/** True when a delivery changes an alert instead of reporting one. */
export function isEdit(route: Record<string, string>): boolean {
  return EDITS.includes(route.action ?? "") || KEPT_ONLY.includes(route.action ?? "");
}

function changeOf(action: string, report: AlertReport, labels: Record<string, string>) {
  switch (action) {
    case "message":
      return report.title === null ? {} : { title: report.title.slice(0, 300) };
    case "description":
      return report.description === null ? {} : { description: report.description.slice(0, 4_000) };
    case "priority":
      return report.severity === null ? {} : { severity: report.severity, severityWord: report.severityWord };
    case "details":
    case "tags":
      return { labels: { ...labels, ...report.labels } };
    case "unacknowledge":
      return { status: "firing" as const, acknowledgedAt: null };
    default:
      return {};
  }
}

/**
 * Changes the open alert that a delivery names: no repeat of it, and no entry in the timeline but for a note.
 * Part of a turn, safe to repeat. Without an open alert of the key nothing changes.
 */
export async function editAlert(
  turn: Turn,
  integration: IntegrationRow,
  route: Record<string, string>,
  report: AlertReport,
): Promise<Ingested> {
  const { tx } = turn;
  const key = keyOf(report);
  turn.foreseen.delete(key);
  await turn.writeAlerts();
  const isOpenAlert = and(
    eq(alerts.integrationId, integration.id),
    eq(alerts.dedupKey, key),
    ne(alerts.status, "resolved"),
  );
  const [open] = await tx.select().from(alerts).where(isOpenAlert).for("update");
  if (!open) return { id: "", rule: "unknown-edit", incident: null };
  const action = route.action ?? "";
  const change =
    action === "unacknowledge" && open.status !== "acknowledged" ? {} : changeOf(action, report, open.labels);
  if (Object.keys(change).length > 0) await tx.update(alerts).set(change).where(eq(alerts.id, open.id));
  if (!open.incidentId) return { id: open.id, rule: action, incident: null };
  const incident = await turn.incident(open.incidentId);
  if (action === "notes" && report.description !== null) {
    turn.record({
      incidentId: incident.id,
      type: "alert.noted",
      data: {
        alertId: open.id,
        alertTitle: open.title,
        name: open.labels.alertname ?? open.title,
        text: report.description.slice(0, NOTE_LENGTH_MAX),
      },
      parts: ["alerts"],
    });
  } else if (Object.keys(change).length > 0) turn.touch(incident.id, "alerts");
  return { id: open.id, rule: action, incident: incident.reference };
}
