import type { Metadata } from "next";
import { AlertDetail } from "#/components/alerts/alert-detail.tsx";
import { canRespond } from "#/components/shell/person.ts";
import type { AlertView } from "#/server/alerts/contract.ts";
import type { Intakes } from "#/server/backend.ts";
import { PageShell } from "../../_shell/page-shell.tsx";
import { itemsOf, pageValue, signedIn } from "../../_shell/signed-in.ts";

export const metadata: Metadata = { title: "Alert" };

export default async function AlertPage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const here = `/alerts/${encodeURIComponent(id)}`;
  const { me, get } = await signedIn(here);
  const alert = pageValue(await get<AlertView>(`/api/v1${here}`));
  const intakes = canRespond(me.role) ? itemsOf(await get<Intakes>(`/api/v1${here}/deliveries`)) : null;
  return (
    <PageShell path={here}>
      <AlertDetail alert={alert} intakes={intakes} role={me.role} />
    </PageShell>
  );
}
