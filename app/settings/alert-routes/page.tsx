import type { Metadata } from "next";
import { RoutesPanel } from "#/components/alert-routes/routes-panel.tsx";
import { canAdminister } from "#/components/shell/person.ts";
import type { AlertRouteView } from "#/server/alerts/routing/contract.ts";
import { pageValue, signedIn } from "../../_shell/signed-in.ts";

export const metadata: Metadata = { title: "Alert routes" };

export default async function AlertRoutesPage() {
  const { me, get } = await signedIn("/settings/alert-routes");
  const routes = pageValue(await get<{ items: AlertRouteView[] }>("/api/v1/alert-routes"));
  return <RoutesPanel routes={routes.items} canChange={canAdminister(me.role)} />;
}
