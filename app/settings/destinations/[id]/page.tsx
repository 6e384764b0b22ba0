import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { DestinationPage } from "#/components/settings/destination-page.tsx";
import { canAdminister } from "#/components/shell/person.ts";
import { MoreLink } from "#/components/ui/more-link.tsx";
import type { DestinationView } from "#/server/audience/contract.ts";
import type { DestinationDeliveryView } from "#/server/updates/contract.ts";
import { filtersFrom, type PageQuery } from "../../../_shell/page-query.ts";
import { pageValue, signedIn } from "../../../_shell/signed-in.ts";

export const metadata: Metadata = { title: "Destination" };

type Props = { params: Promise<{ id: string }>; searchParams: PageQuery };
type Deliveries = { items: DestinationDeliveryView[]; nextCursor: string | null };

export default async function OneDestinationPage({ params, searchParams }: Props) {
  const { id } = await params;
  const path = `/settings/destinations/${id}`;
  const { me, get } = await signedIn(path);
  const { cursor } = await filtersFrom(searchParams, ["cursor"]);
  const query = cursor ? `&cursor=${encodeURIComponent(cursor)}` : "";
  const [all, deliveries] = await Promise.all([
    get<{ items: DestinationView[] }>("/api/v1/destinations"),
    get<Deliveries>(`/api/v1/destinations/${encodeURIComponent(id)}/deliveries?limit=25${query}`),
  ]);
  const destination = pageValue(all).items.find((one) => one.id === id);
  if (!destination) notFound();
  const { items, nextCursor } = pageValue(deliveries);
  return (
    <DestinationPage
      destination={destination}
      deliveries={items}
      canChange={canAdminister(me.role)}
      more={<MoreLink path={path} filters={{}} cursor={nextCursor} />}
    />
  );
}
