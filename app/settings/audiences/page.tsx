import type { Metadata } from "next";
import { AudiencesPanel } from "#/components/settings/audiences-panel.tsx";
import { canAdminister } from "#/components/shell/person.ts";
import type { AudienceView, ComponentView, DestinationView } from "#/server/audience/contract.ts";
import { itemsOf, pageValue, signedIn } from "../../_shell/signed-in.ts";

export const metadata: Metadata = { title: "Audiences" };

export default async function AudiencesPage() {
  const { me, get } = await signedIn("/settings/audiences");
  const [audiences, components, destinations] = await Promise.all([
    get<{ items: AudienceView[] }>("/api/v1/audiences"),
    get<{ items: ComponentView[] }>("/api/v1/components?limit=200"),
    get<{ items: DestinationView[] }>("/api/v1/destinations"),
  ]);
  return (
    <AudiencesPanel
      audiences={pageValue(audiences).items}
      components={itemsOf(components)}
      destinations={itemsOf(destinations)}
      canChange={canAdminister(me.role)}
    />
  );
}
