import type { Metadata } from "next";
import { pageValue, signedIn } from "#/app/_shell/signed-in.ts";
import { CommandCenter } from "#/components/commands/command-center.tsx";
import { OpenPostmortem } from "#/components/postmortem/open-postmortem.tsx";
import { PostmortemPage } from "#/components/postmortem/postmortem-page.tsx";
import type { IncidentView } from "#/server/incidents/contract.ts";
import type { PostmortemView } from "#/server/postmortem/contract.ts";

type Props = { params: Promise<{ reference: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: `Postmortem of ${decodeURIComponent((await params).reference)}` };
}

export default async function Page({ params }: Props) {
  const { reference } = await params;
  const path = `/incidents/${reference}`;
  const { me, get } = await signedIn(`${path}/postmortem`);
  const postmortem = await get<PostmortemView>(`/api/v1${path}/postmortem`);
  if (postmortem.ok) {
    return (
      <CommandCenter me={me}>
        <PostmortemPage key={postmortem.value.incident.id} initial={postmortem.value} me={me} />
      </CommandCenter>
    );
  }
  // No postmortem yet, or no incident: only the second is nobody's to see.
  const incident = pageValue(await get<IncidentView>(`/api/v1${path}`));
  return (
    <CommandCenter me={me}>
      <OpenPostmortem incident={incident} canWrite={me.role !== "viewer"} />
    </CommandCenter>
  );
}
