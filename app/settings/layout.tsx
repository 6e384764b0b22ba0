import type { ReactNode } from "react";
import { SettingsNav } from "#/components/settings/settings-nav.tsx";
import { PageShell } from "../_shell/page-shell.tsx";

export default function SettingsLayout({ children }: { children: ReactNode }) {
  return (
    <PageShell path="/settings">
      <div className="flex gap-8 max-lg:flex-col max-lg:gap-2">
        <SettingsNav />
        <div className="min-w-0 grow">{children}</div>
      </div>
    </PageShell>
  );
}
