import type { Metadata } from "next";
import { StatusPagePanel } from "#/components/settings/status-page-panel.tsx";
import type { SettingsView } from "#/server/settings/contract.ts";
import type { LogoView } from "#/server/status-page/contract.ts";
import { pageValue, signedIn } from "../../_shell/signed-in.ts";

export const metadata: Metadata = { title: "Status page" };

export default async function StatusPageSettings() {
  const { get } = await signedIn("/settings/status-page");
  const [settings, { logo }] = await Promise.all([
    get<SettingsView>("/api/v1/settings").then(pageValue),
    get<{ logo: LogoView | null }>("/api/v1/settings/status-page/logo").then(pageValue),
  ]);
  return <StatusPagePanel page={settings.statusPage} logo={logo} />;
}
