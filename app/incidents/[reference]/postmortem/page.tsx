import type { Metadata } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { connection } from "next/server";
import { OpenPostmortem } from "#/components/postmortem/open-postmortem.tsx";
import { PostmortemPage } from "#/components/postmortem/postmortem-page.tsx";
import { NothingHere } from "#/components/shell/nothing-here.tsx";
import { backend } from "#/server/backend.ts";
import type { IncidentView } from "#/server/incidents/contract.ts";
import type { PostmortemView } from "#/server/postmortem/contract.ts";

type Props = { params: Promise<{ reference: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Postmortem of ${(await params).reference}` };
}

export default async function Page({ params }: Props) {
  await connection();
  const { reference } = await params;
  const asked = await headers();
  const me = await backend().me(asked);
  const path = `/api/v1/incidents/${encodeURIComponent(reference)}`;
  if (!me) redirect(`/sign-in?next=${encodeURIComponent(`/incidents/${reference}/postmortem`)}`);
  const postmortem = await backend().get<PostmortemView>(asked, `${path}/postmortem`);
  if (postmortem.ok) {
    return <PostmortemPage key={postmortem.value.incident.id} initial={postmortem.value} me={me} />;
  }
  const incident = await backend().get<IncidentView>(asked, path);
  if (!incident.ok) return <NothingHere />;
  return <OpenPostmortem incident={incident.value} canWrite={me.role !== "viewer"} />;
}
