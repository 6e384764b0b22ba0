import type { Metadata } from "next";
import { DeclareIncident } from "#/components/incidents/declare-incident.tsx";
import { IncidentFilters } from "#/components/incidents/incident-filters.tsx";
import { IncidentList } from "#/components/incidents/incident-list.tsx";
import { NoIncidents } from "#/components/incidents/no-incidents.tsx";
import { PageHead } from "#/components/shell/page-head.tsx";
import { canAdminister, canRespond } from "#/components/shell/person.ts";
import { filtersFrom, type PageQuery } from "../_shell/page-query.ts";
import { PageShell } from "../_shell/page-shell.tsx";
import { signedIn } from "../_shell/signed-in.ts";
import { loadIncidents } from "./load-incidents.ts";

export const metadata: Metadata = { title: "Incidents" };

export default async function IncidentsPage({ searchParams }: { searchParams: PageQuery }) {
  const { me, get } = await signedIn("/incidents");
  const filters = await filtersFrom(searchParams, ["status", "severity", "q"]);
  const { incidents, alerts, hasIntegrations } = await loadIncidents(get, filters);
  const isFiltered = Object.values(filters).some(Boolean);
  return (
    <PageShell path="/incidents">
      <PageHead title="Incidents" action={canRespond(me.role) && <DeclareIncident />}>
        <IncidentFilters />
      </PageHead>
      <IncidentList
        initial={incidents}
        alerts={alerts}
        filters={filters}
        canDecide={canRespond(me.role)}
        empty={
          <NoIncidents isFiltered={isFiltered} hasIntegrations={hasIntegrations} canConnect={canAdminister(me.role)} />
        }
      />
    </PageShell>
  );
}
