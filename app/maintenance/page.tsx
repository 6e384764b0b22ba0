import type { Metadata } from "next";
import { MaintenanceList, NewMaintenance } from "#/components/maintenance/maintenance-list.tsx";
import { PageHead } from "#/components/shell/page-head.tsx";
import { canRespond } from "#/components/shell/person.ts";
import { MoreLink } from "#/components/ui/more-link.tsx";
import type { MaintenanceSummary } from "#/server/maintenance/contract.ts";
import type { MaintenanceState } from "#/server/maintenance/shared/lists.ts";
import { filtersFrom, type PageQuery, pathWith } from "../_shell/page-query.ts";
import { PageShell } from "../_shell/page-shell.tsx";
import { pageValue, signedIn } from "../_shell/signed-in.ts";

export const metadata: Metadata = { title: "Maintenance" };
type Page = { items: MaintenanceSummary[]; nextCursor: string | null };

export default async function MaintenancePage({ searchParams }: { searchParams: PageQuery }) {
  const { me, get } = await signedIn("/maintenance");
  const { cursor } = await filtersFrom(searchParams, ["cursor"]);
  const read = async (state: MaintenanceState, page: Record<string, string>) =>
    pageValue(await get<Page>(pathWith("/api/v1/maintenances", { state, ...page })));
  // At most 50 are not over.
  const [running, upcoming, ended] = await Promise.all([
    read("running", { limit: "200" }),
    read("upcoming", { limit: "200" }),
    read("ended", { cursor, limit: "20" }),
  ]);
  const canChange = canRespond(me.role);
  const isAny = running.items.length + upcoming.items.length + ended.items.length > 0;
  return (
    <PageShell path="/maintenance">
      <PageHead title="Maintenance" action={canChange && isAny && <NewMaintenance />} />
      <MaintenanceList running={running.items} upcoming={upcoming.items} ended={ended.items} canChange={canChange} />
      <MoreLink path="/maintenance" filters={{}} cursor={ended.nextCursor} />
    </PageShell>
  );
}
