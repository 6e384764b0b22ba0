import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { MaintenanceEditor } from "#/components/maintenance/maintenance-editor.tsx";
import { startOf } from "#/components/maintenance/maintenance-form.ts";
import { PageHead } from "#/components/shell/page-head.tsx";
import { canRespond } from "#/components/shell/person.ts";
import type { MaintenanceView } from "#/server/maintenance/contract.ts";
import { isEnded } from "#/server/maintenance/shared/lists.ts";
import { PageShell } from "../../../_shell/page-shell.tsx";
import { pageValue, signedIn } from "../../../_shell/signed-in.ts";
import { loadEditor } from "../../load-editor.ts";

export const metadata: Metadata = { title: "Change maintenance" };

export default async function EditMaintenancePage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const { me, get } = await signedIn(`/maintenance/${encodeURIComponent(id)}/edit`);
  const maintenance = pageValue(await get<MaintenanceView>(`/api/v1/maintenances/${encodeURIComponent(id)}`));
  if (!canRespond(me.role) || isEnded(maintenance.status)) notFound();
  return (
    <PageShell path={`/maintenance/${id}/edit`}>
      <PageHead title={`Change ${maintenance.title}`} />
      <MaintenanceEditor start={startOf(maintenance)} maintenance={maintenance} {...(await loadEditor(get))} />
    </PageShell>
  );
}
