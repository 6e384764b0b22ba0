import type { Metadata } from "next";
import Link from "next/link";
import { MaintenanceDetail } from "#/components/maintenance/maintenance-detail.tsx";
import { canRespond } from "#/components/shell/person.ts";
import type { MaintenanceView } from "#/server/maintenance/contract.ts";
import { PageShell } from "../../_shell/page-shell.tsx";
import { pageValue, signedIn } from "../../_shell/signed-in.ts";

export const metadata: Metadata = { title: "Maintenance" };

export default async function OneMaintenancePage({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const { me, get } = await signedIn(`/maintenance/${encodeURIComponent(id)}`);
  const maintenance = pageValue(await get<MaintenanceView>(`/api/v1/maintenances/${encodeURIComponent(id)}`));
  return (
    <PageShell path={`/maintenance/${id}`}>
      <Link
        href="/maintenance"
        className="mb-1 inline-flex min-h-6 items-center text-s text-muted hover:text-text max-md:min-h-11"
      >
        ← Maintenance
      </Link>
      <MaintenanceDetail maintenance={maintenance} canChange={canRespond(me.role)} />
    </PageShell>
  );
}
