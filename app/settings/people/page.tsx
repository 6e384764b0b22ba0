import type { Metadata } from "next";
import { PeoplePanel } from "#/components/settings/people-panel.tsx";
import { canAdminister } from "#/components/shell/person.ts";
import type { UserView } from "#/server/people/contract.ts";
import { pageValue, signedIn } from "../../_shell/signed-in.ts";

export const metadata: Metadata = { title: "People" };

export default async function PeoplePage() {
  const { me, get } = await signedIn("/settings/people");
  const users = pageValue(await get<{ items: UserView[] }>("/api/v1/users?limit=200"));
  return <PeoplePanel users={users.items} myId={me.id} canChange={canAdminister(me.role)} />;
}
