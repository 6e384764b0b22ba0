import type { Metadata } from "next";
import { DeliveriesInbox } from "#/components/settings/deliveries-inbox.tsx";
import { IntegrationsPanel } from "#/components/settings/integrations-panel.tsx";
import { NobodyHears } from "#/components/settings/nobody-hears.tsx";
import { canAdminister } from "#/components/shell/person.ts";
import type { SourceView } from "#/server/alerts/contract.ts";
import type { Intakes, Integrations } from "#/server/backend.ts";
import type { ServiceView } from "#/server/services/contract.ts";
import type { SettingsView } from "#/server/settings/contract.ts";
import { itemsOf, pageValue, signedIn } from "../../_shell/signed-in.ts";

export const metadata: Metadata = { title: "Integrations" };

export default async function IntegrationsPage() {
  const { me, get } = await signedIn("/settings/integrations");
  const [integrations, sources, services, intakes, settings] = await Promise.all([
    get<Integrations>("/api/v1/integrations?limit=200"),
    get<{ items: SourceView[] }>("/api/v1/sources"),
    get<{ items: ServiceView[] }>("/api/v1/services?limit=200"),
    get<Intakes>("/api/v1/deliveries?inbox=1"),
    get<SettingsView>("/api/v1/settings"),
  ]);
  return (
    <div className="flex flex-col gap-5">
      <IntegrationsPanel
        integrations={pageValue(integrations).items}
        sources={itemsOf(sources)}
        services={itemsOf(services).map((service) => service.name)}
        canChange={canAdminister(me.role)}
        notice={settings.ok && <NobodyHears settings={settings.value} />}
      />
      <DeliveriesInbox intakes={itemsOf(intakes)} canChange={canAdminister(me.role)} />
    </div>
  );
}
