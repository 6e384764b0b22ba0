import type { Metadata } from "next";
import { ChannelsPanel } from "#/components/settings/channels-panel.tsx";
import type { SettingsView } from "#/server/settings/contract.ts";
import { pageValue, signedIn } from "../../_shell/signed-in.ts";

export const metadata: Metadata = { title: "Channels" };

export default async function ChannelsPage() {
  const { get } = await signedIn("/settings/channels");
  return <ChannelsPanel settings={pageValue(await get<SettingsView>("/api/v1/settings"))} />;
}
