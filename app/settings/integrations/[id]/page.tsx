import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { MappingEditor } from "#/components/mapping/mapping-editor.tsx";
import { HeartbeatsPanel } from "#/components/settings/heartbeats-panel.tsx";
import { SectionPage } from "#/components/settings/section-page.tsx";
import { CopyField } from "#/components/ui/copy-field.tsx";
import type { HeartbeatView } from "#/server/alerts/contract.ts";
import type { Intakes, Integrations } from "#/server/backend.ts";
import { filtersFrom, type PageQuery } from "../../../_shell/page-query.ts";
import { itemsOf, pageValue, signedIn } from "../../../_shell/signed-in.ts";

export const metadata: Metadata = { title: "Mapping" };

type Props = { params: Promise<{ id: string }>; searchParams: PageQuery };

export default async function MappingPage({ params, searchParams }: Props) {
  const { id } = await params;
  const { get } = await signedIn(`/settings/integrations/${id}`);
  const { delivery } = await filtersFrom(searchParams, ["delivery"]);
  const [integrations, intakes, heartbeats] = await Promise.all([
    get<Integrations>("/api/v1/integrations?limit=200"),
    get<Intakes>(`/api/v1/deliveries?limit=20&integration=${encodeURIComponent(id)}`),
    get<{ items: HeartbeatView[] }>(`/api/v1/integrations/${encodeURIComponent(id)}/heartbeats`),
  ]);
  const integration = pageValue(integrations).items.find((one) => one.id === id);
  if (!integration?.url) notFound();
  const kind = integration.source === "custom" ? "Custom source" : "Mapping";
  return (
    <SectionPage
      title={`${kind}: ${integration.name}`}
      about="Send any JSON here. Pick a delivery, say where things are, see the alert it becomes."
    >
      <CopyField label="URL" value={integration.url} />
      <MappingEditor integration={integration} intakes={itemsOf(intakes)} startWith={delivery || null} />
      <HeartbeatsPanel integration={integration} initial={itemsOf(heartbeats)} />
    </SectionPage>
  );
}
