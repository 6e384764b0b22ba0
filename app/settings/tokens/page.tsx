import type { Metadata } from "next";
import { TokensPanel } from "#/components/settings/tokens-panel.tsx";
import type { TokenView, UserView } from "#/server/people/contract.ts";
import { itemsOf, pageValue, signedIn } from "../../_shell/signed-in.ts";

export const metadata: Metadata = { title: "API tokens" };

export default async function TokensPage() {
  const { me, get } = await signedIn("/settings/tokens");
  const [tokens, users] = await Promise.all([
    get<{ items: TokenView[] }>("/api/v1/tokens?limit=200"),
    get<{ items: UserView[] }>("/api/v1/users?limit=200"),
  ]);
  return <TokensPanel tokens={pageValue(tokens).items} users={itemsOf(users)} myId={me.id} />;
}
