import type { Metadata } from "next";
import { UpdateTemplatesPanel } from "#/components/settings/update-templates-panel.tsx";
import { canAdminister } from "#/components/shell/person.ts";
import type { TemplateView } from "#/server/updates/templates/contract.ts";
import { pageValue, signedIn } from "../../_shell/signed-in.ts";

export const metadata: Metadata = { title: "Update templates" };

export default async function UpdateTemplatesPage() {
  const { me, get } = await signedIn("/settings/update-templates");
  const templates = pageValue(await get<{ items: TemplateView[] }>("/api/v1/update-templates"));
  return <UpdateTemplatesPanel templates={templates.items} canChange={canAdminister(me.role)} />;
}
