import type { ListFilters } from "#/components/incidents/list-rules.ts";
import type { AlertView } from "#/server/alerts/contract.ts";
import type { Incidents, Integrations } from "#/server/backend.ts";
import { openStatuses } from "#/server/incidents/shared/lists.ts";
import { itemsOf, type signedIn } from "../_shell/signed-in.ts";

type Get = Awaited<ReturnType<typeof signedIn>>["get"];

/** How many that are over the page shows; the rest is found by search. */
const RECENT_MAX = 25;
/** Cards that come with their alerts; the others ask for theirs. */
const CARDS_WITH_ALERTS_MAX = 20;
const overStatuses = ["resolved", "closed", "declined"];

function pathOf(filters: ListFilters, status: string, limit: number): string {
  const query = new URLSearchParams({ status, limit: String(limit) });
  if (filters.severity) query.set("severity", filters.severity);
  if (filters.q) query.set("q", filters.q);
  return `/api/v1/incidents?${query}`;
}

/** What the list of incidents starts with. */
export async function loadIncidents(get: Get, filters: ListFilters) {
  const parts = filters.status
    ? [get<Incidents>(pathOf(filters, filters.status, 200))]
    : [
        get<Incidents>(pathOf(filters, openStatuses.join(","), 200)),
        get<Incidents>(pathOf(filters, overStatuses.join(","), RECENT_MAX)),
      ];
  const [integrations, ...lists] = await Promise.all([get<Integrations>("/api/v1/integrations?limit=1"), ...parts]);
  const incidents = lists.flatMap((list) => itemsOf(list));
  const cards = incidents.filter((incident) => incident.status === "triage").slice(0, CARDS_WITH_ALERTS_MAX);
  const alerts = await Promise.all(
    cards.map(async (incident) => {
      const page = await get<{ items: AlertView[] }>(`/api/v1/incidents/${incident.id}/alerts`);
      return [incident.id, itemsOf(page)] as const;
    }),
  );
  return { incidents, alerts: Object.fromEntries(alerts), hasIntegrations: itemsOf(integrations).length > 0 };
}
