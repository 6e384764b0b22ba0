import type { Metadata } from "next";
import { UpdateRulesPanel } from "#/components/settings/update-rules-panel.tsx";
import type { SettingsView } from "#/server/settings/contract.ts";
import { pageValue, signedIn } from "../../_shell/signed-in.ts";

export const metadata: Metadata = { title: "Update rules" };

export default async function UpdateRulesPage() {
  const { get } = await signedIn("/settings/update-rules");
  return <UpdateRulesPanel settings={pageValue(await get<SettingsView>("/api/v1/settings"))} />;
}
