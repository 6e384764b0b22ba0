import type { Metadata } from "next";
import { ServicesPanel } from "#/components/settings/services-panel.tsx";
import { canAdminister } from "#/components/shell/person.ts";
import { MoreLink } from "#/components/ui/more-link.tsx";
import type { UserView } from "#/server/people/contract.ts";
import type { ServiceView } from "#/server/services/contract.ts";
import { filtersFrom, type PageQuery, pathWith } from "../../_shell/page-query.ts";
import { itemsOf, pageValue, signedIn } from "../../_shell/signed-in.ts";

export const metadata: Metadata = { title: "Services" };

export default async function ServicesPage({ searchParams }: { searchParams: PageQuery }) {
  const { me, get } = await signedIn("/settings/services");
  const { cursor, ...filters } = await filtersFrom(searchParams, ["q", "cursor"]);
  const [services, users] = await Promise.all([
    get<{ items: ServiceView[]; nextCursor: string | null }>(
      pathWith("/api/v1/services", { ...filters, cursor, limit: "200" }),
    ),
    get<{ items: UserView[] }>("/api/v1/users?limit=200"),
  ]);
  const page = pageValue(services);
  return (
    <>
      <ServicesPanel
        services={page.items}
        users={itemsOf(users)}
        canChange={canAdminister(me.role)}
        isFiltered={Boolean(filters.q)}
      />
      <MoreLink path="/settings/services" filters={filters} cursor={page.nextCursor} />
    </>
  );
}
