import type { Metadata } from "next";
import { headers } from "next/headers";
import { redirect } from "next/navigation";
import { connection } from "next/server";
import { RoomPage } from "#/components/room/room-page.tsx";
import { backend } from "#/server/backend.ts";
import { filtersFrom, type PageQuery, pathWith } from "../../_shell/page-query.ts";
import { pageValue } from "../../_shell/signed-in.ts";

type Props = { params: Promise<{ reference: string }>; searchParams: PageQuery };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  // The reference only: whoever may not see the incident learns nothing from the tab.
  return { title: decodeURIComponent((await params).reference) };
}

export default async function Page({ params, searchParams }: Props) {
  await connection();
  const { reference } = await params;
  const asked = await headers();
  const me = await backend().me(asked);
  // The link of a mail is still that link after signing in.
  const here = pathWith(`/incidents/${reference}`, await filtersFrom(searchParams, ["notification"]));
  if (!me) redirect(`/sign-in?callbackUrl=${encodeURIComponent(here)}`);
  const room = pageValue(await backend().room(asked, decodeURIComponent(reference)));
  return <RoomPage key={room.incident.id} initial={room} me={{ id: me.id, name: me.name, role: me.role }} />;
}
