import type { Metadata } from "next";
import { DestinationsPanel } from "#/components/settings/destinations-panel.tsx";
import { canAdminister } from "#/components/shell/person.ts";
import type { DestinationView } from "#/server/audience/contract.ts";
import { pageValue, signedIn } from "../../_shell/signed-in.ts";

export const metadata: Metadata = { title: "Destinations" };

export default async function DestinationsPage() {
  const { me, get } = await signedIn("/settings/destinations");
  const { items } = pageValue(await get<{ items: DestinationView[] }>("/api/v1/destinations"));
  return <DestinationsPanel destinations={items} canChange={canAdminister(me.role)} />;
}
