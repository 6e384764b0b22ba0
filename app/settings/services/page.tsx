import type { Metadata } from "next";
import { ServicesPanel } from "#/components/settings/services-panel.tsx";
import { canAdminister } from "#/components/shell/person.ts";
import type { UserView } from "#/server/people/contract.ts";
import type { ServiceView } from "#/server/services/contract.ts";
import { itemsOf, pageValue, signedIn } from "../../_shell/signed-in.ts";

export const metadata: Metadata = { title: "Services" };

export default async function ServicesPage() {
  const { me, get } = await signedIn("/settings/services");
  const [services, users] = await Promise.all([
    get<{ items: ServiceView[] }>("/api/v1/services?limit=200"),
    get<{ items: UserView[] }>("/api/v1/users?limit=200"),
  ]);
  return (
    <ServicesPanel services={pageValue(services).items} users={itemsOf(users)} canChange={canAdminister(me.role)} />
  );
}
