import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { UnexplainedBanner } from "#/components/maintenance/unexplained-banner.tsx";
import { AppShell } from "#/components/shell/app-shell.tsx";
import { canRespond } from "#/components/shell/person.ts";
import { THEME_COOKIE, themeFrom } from "#/components/ui/preferences.ts";
import type { Incidents } from "#/server/backend.ts";
import { openStatuses } from "#/server/incidents/shared/lists.ts";
import type { UnexplainedComponent } from "#/server/maintenance/contract.ts";
import { itemsOf, signedIn } from "./signed-in.ts";

/** The frame of every page outside the room, for whoever is signed in. */
export async function PageShell({ path, children }: { path: string; children: ReactNode }) {
  const { me, get } = await signedIn(path);
  const [open, unexplained, kept] = await Promise.all([
    get<Incidents>(`/api/v1/incidents?status=${openStatuses.join(",")}&limit=200`),
    get<{ items: UnexplainedComponent[] }>("/api/v1/components/unexplained"),
    cookies(),
  ]);
  const openIds = itemsOf(open).map((incident) => incident.id);
  return (
    <AppShell me={me} openIds={openIds} theme={themeFrom(kept.get(THEME_COOKIE)?.value)}>
      <UnexplainedBanner initial={itemsOf(unexplained)} canMend={canRespond(me.role)} />
      {children}
    </AppShell>
  );
}
