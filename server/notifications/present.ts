import type { NotificationView } from "./contract.ts";
import type { NotificationRow } from "./store.ts";

type Delivery = { channel: string; state: string; lastError: string | null };

/** The room, at the moment that it is about; opening it marks the notification as seen. Pure. */
export function linkOf(reference: string, row: { id: string | null; entryId: string | null }): string {
  const query = row.id ? `?notification=${row.id}` : "";
  return `/incidents/${reference}${query}${row.entryId ? `#t=${row.entryId}` : ""}`;
}

/** A notification as its person sees it. Pure. */
export function presentNotification(
  row: NotificationRow,
  incident: { id: string; reference: string; title: string },
  sent: readonly Delivery[],
): NotificationView {
  return {
    id: row.id,
    kind: row.kind,
    title: row.title,
    body: row.body,
    incident: { id: incident.id, reference: incident.reference, title: incident.title },
    link: linkOf(incident.reference, row),
    invitationId: row.kind === "invitation" ? (row.subject.split(":")[1] ?? null) : null,
    createdAt: row.createdAt.toISOString(),
    seenAt: row.seenAt?.toISOString() ?? null,
    settledAt: row.settledAt?.toISOString() ?? null,
    channels: sent.map(({ channel, state, lastError }) => ({ channel, state, error: lastError })),
    withheld: row.withheld,
  };
}
