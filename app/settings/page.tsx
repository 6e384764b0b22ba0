import type { Metadata } from "next";
import { cookies } from "next/headers";
import { SettingsIndex } from "#/components/settings/settings-index.tsx";
import { THEME_COOKIE, themeFrom } from "#/components/ui/preferences.ts";
import { signedIn } from "../_shell/signed-in.ts";

export const metadata: Metadata = { title: "Settings" };

export default async function SettingsPage() {
  const { me } = await signedIn("/settings");
  const kept = await cookies();
  return <SettingsIndex me={me} theme={themeFrom(kept.get(THEME_COOKIE)?.value)} />;
}
