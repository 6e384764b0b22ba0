import type { Metadata } from "next";
import { ComponentsPanel } from "#/components/settings/components-panel.tsx";
import { canAdminister, canRespond } from "#/components/shell/person.ts";
import type { ComponentView } from "#/server/audience/contract.ts";
import { pageValue, signedIn } from "../../_shell/signed-in.ts";

export const metadata: Metadata = { title: "Components" };

export default async function ComponentsPage() {
  const { me, get } = await signedIn("/settings/components");
  const components = pageValue(await get<{ items: ComponentView[] }>("/api/v1/components?limit=200"));
  return (
    <ComponentsPanel components={components.items} canChange={canAdminister(me.role)} canMend={canRespond(me.role)} />
  );
}
