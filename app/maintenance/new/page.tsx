import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { MaintenanceEditor } from "#/components/maintenance/maintenance-editor.tsx";
import { blankMaintenance } from "#/components/maintenance/maintenance-form.ts";
import { PageHead } from "#/components/shell/page-head.tsx";
import { canRespond } from "#/components/shell/person.ts";
import { PageShell } from "../../_shell/page-shell.tsx";
import { signedIn } from "../../_shell/signed-in.ts";
import { loadEditor } from "../load-editor.ts";

export const metadata: Metadata = { title: "Schedule maintenance" };

export default async function NewMaintenancePage() {
  const { me, get } = await signedIn("/maintenance/new");
  if (!canRespond(me.role)) notFound();
  return (
    <PageShell path="/maintenance/new">
      <PageHead title="Schedule maintenance" />
      <MaintenanceEditor start={blankMaintenance(Date.now())} maintenance={null} {...(await loadEditor(get))} />
    </PageShell>
  );
}
