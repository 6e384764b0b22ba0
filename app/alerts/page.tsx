import type { Metadata } from "next";
import { AlertBrowser } from "#/components/alerts/alert-browser.tsx";
import { AlertList } from "#/components/alerts/alert-list.tsx";
import { AlertTabs } from "#/components/alerts/alert-tabs.tsx";
import { NoAlerts } from "#/components/alerts/no-alerts.tsx";
import { PageHead } from "#/components/shell/page-head.tsx";
import { canAdminister, canRespond } from "#/components/shell/person.ts";
import { FilterBar } from "#/components/ui/filter-bar.tsx";
import { MoreLink } from "#/components/ui/more-link.tsx";
import type { AlertFacetsView } from "#/server/alerts/contract.ts";
import { alertFacetNames } from "#/server/alerts/shared/lists.ts";
import type { Alerts } from "#/server/backend.ts";
import { allFrom, filtersFrom, type PageQuery, pathWith } from "../_shell/page-query.ts";
import { PageShell } from "../_shell/page-shell.tsx";
import { pageValue, signedIn } from "../_shell/signed-in.ts";

export const metadata: Metadata = { title: "Alerts" };

export default async function AlertsPage({ searchParams }: { searchParams: PageQuery }) {
  const { me, get } = await signedIn("/alerts");
  const { q, cursor } = await filtersFrom(searchParams, ["q", "cursor"]);
  const filters = { q, ...(await allFrom(searchParams, alertFacetNames)) };
  const [alerts, facets] = await Promise.all([
    get<Alerts>(pathWith("/api/v1/alerts", { ...filters, cursor })),
    get<AlertFacetsView>(pathWith("/api/v1/alerts/facets", filters)),
  ]);
  const page = pageValue(alerts);
  const isFiltered = Object.values(filters).some((each) => each.length > 0);
  return (
    <PageShell path="/alerts">
      <PageHead title="Alerts">
        <AlertTabs canRespond={canRespond(me.role)} />
        <FilterBar searchLabel="Search alerts" choices={[]} />
      </PageHead>
      <AlertBrowser facets={pageValue(facets)}>
        <AlertList
          alerts={page.items}
          canAct={canRespond(me.role)}
          empty={<NoAlerts isFiltered={isFiltered} canConnect={canAdminister(me.role)} />}
        />
        <MoreLink path="/alerts" filters={filters} cursor={page.nextCursor} />
      </AlertBrowser>
    </PageShell>
  );
}
