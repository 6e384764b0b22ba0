import type { Metadata } from "next";
import { AlertFilters } from "#/components/alerts/alert-filters.tsx";
import { AlertList } from "#/components/alerts/alert-list.tsx";
import { AlertTabs } from "#/components/alerts/alert-tabs.tsx";
import { NoAlerts } from "#/components/alerts/no-alerts.tsx";
import { PageHead } from "#/components/shell/page-head.tsx";
import { canAdminister, canRespond } from "#/components/shell/person.ts";
import { MoreLink } from "#/components/ui/more-link.tsx";
import type { Alerts, Integrations } from "#/server/backend.ts";
import { filtersFrom, type PageQuery, pathWith } from "../_shell/page-query.ts";
import { PageShell } from "../_shell/page-shell.tsx";
import { itemsOf, pageValue, signedIn } from "../_shell/signed-in.ts";

export const metadata: Metadata = { title: "Alerts" };

export default async function AlertsPage({ searchParams }: { searchParams: PageQuery }) {
  const { me, get } = await signedIn("/alerts");
  const { cursor, ...filters } = await filtersFrom(searchParams, ["q", "status", "service", "source", "cursor"]);
  const [alerts, services, integrations] = await Promise.all([
    get<Alerts>(pathWith("/api/v1/alerts", { ...filters, cursor })),
    get<{ items: { name: string }[] }>("/api/v1/services?limit=200"),
    get<Integrations>("/api/v1/integrations?limit=200"),
  ]);
  const page = pageValue(alerts);
  const isFiltered = Object.values(filters).some(Boolean);
  return (
    <PageShell path="/alerts">
      <PageHead title="Alerts">
        <AlertTabs canRespond={canRespond(me.role)} />
        <AlertFilters
          services={itemsOf(services).map((service) => service.name)}
          sources={[...new Set(itemsOf(integrations).map((integration) => integration.source))]}
        />
      </PageHead>
      <AlertList
        alerts={page.items}
        canAct={canRespond(me.role)}
        empty={<NoAlerts isFiltered={isFiltered} canConnect={canAdminister(me.role)} />}
      />
      <MoreLink path="/alerts" filters={filters} cursor={page.nextCursor} />
    </PageShell>
  );
}
