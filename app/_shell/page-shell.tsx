import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { AppShell } from "#/components/shell/app-shell.tsx";
import { THEME_COOKIE, themeFrom } from "#/components/ui/preferences.ts";
import type { Incidents } from "#/server/backend.ts";
import { openStatuses } from "#/server/incidents/shared/lists.ts";
import { itemsOf, signedIn } from "./signed-in.ts";

/** The frame of every page outside the room, for whoever is signed in. */
export async function PageShell({ path, children }: { path: string; children: ReactNode }) {
  const { me, get } = await signedIn(path);
  const [open, kept] = await Promise.all([
    get<Incidents>(`/api/v1/incidents?status=${openStatuses.join(",")}&limit=200`),
    cookies(),
  ]);
  const openIds = itemsOf(open).map((incident) => incident.id);
  return (
    <AppShell me={me} openIds={openIds} theme={themeFrom(kept.get(THEME_COOKIE)?.value)}>
      {children}
    </AppShell>
  );
}
