import type { Metadata } from "next";
import { OrganisationPanel } from "#/components/settings/organisation-panel.tsx";
import type { SettingsView } from "#/server/settings/contract.ts";
import { pageValue, signedIn } from "../../_shell/signed-in.ts";

export const metadata: Metadata = { title: "Organisation" };

export default async function OrganisationPage() {
  const { get } = await signedIn("/settings/organisation");
  const settings = pageValue(await get<SettingsView>("/api/v1/settings"));
  return <OrganisationPanel settings={settings} zones={["UTC", ...Intl.supportedValuesOf("timeZone")]} />;
}
