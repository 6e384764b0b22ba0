import type { AlertRow } from "./place-alert.ts";
import type { RoutedAlert } from "./routing/route.ts";

/** A stored alert as it was reported, before a route changed it: what routes are asked about again. Pure. */
export function reportedOf(
  row: Pick<
    AlertRow,
    | "title"
    | "description"
    | "severity"
    | "source"
    | "serviceId"
    | "serviceName"
    | "labels"
    | "links"
    | "startsAt"
    | "recognised"
    | "asReported"
  >,
  integration: { id: string; name: string },
): RoutedAlert {
  const service = row.serviceId ? { id: row.serviceId, name: row.serviceName ?? "" } : null;
  const { asReported } = row;
  return {
    title: row.title,
    description: row.description,
    status: "firing",
    severity: asReported?.severity ?? row.severity,
    source: row.source,
    integration: { id: integration.id, name: integration.name },
    service: asReported?.service !== undefined ? asReported.service : service,
    team: null,
    labels: row.labels,
    links: row.links,
    isUnrecognised: !row.recognised,
    startsAt: row.startsAt,
  };
}
