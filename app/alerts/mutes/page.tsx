import type { Metadata } from "next";
import { AlertTabs } from "#/components/alerts/alert-tabs.tsx";
import { MutesPanel } from "#/components/mutes/mutes-panel.tsx";
import { NewMute } from "#/components/mutes/new-mute.tsx";
import { SilencesPanel } from "#/components/mutes/silences-panel.tsx";
import { PageHead } from "#/components/shell/page-head.tsx";
import { canRespond } from "#/components/shell/person.ts";
import { MoreLink } from "#/components/ui/more-link.tsx";
import type { AlertMuteView, SilenceView } from "#/server/alerts/muting/contract.ts";
import { filtersFrom, type PageQuery, pathWith } from "../../_shell/page-query.ts";
import { PageShell } from "../../_shell/page-shell.tsx";
import { itemsOf, pageValue, signedIn } from "../../_shell/signed-in.ts";

export const metadata: Metadata = { title: "Mutes" };
type Mutes = { items: AlertMuteView[]; nextCursor: string | null };

export default async function MutesPage({ searchParams }: { searchParams: PageQuery }) {
  const { me, get } = await signedIn("/alerts/mutes");
  const { cursor } = await filtersFrom(searchParams, ["cursor"]);
  const read = async (state: AlertMuteView["state"], page: Record<string, string>) =>
    pageValue(await get<Mutes>(pathWith("/api/v1/alert-mutes", { state, ...page })));
  /** All of them: there are at most 500 that have not ended. */
  const readAll = async (state: AlertMuteView["state"]) => {
    const found: AlertMuteView[] = [];
    let next: string | null = "";
    while (next !== null) {
      const page: Mutes = await read(state, { cursor: next, limit: "200" });
      found.push(...page.items);
      next = page.nextCursor;
    }
    return found;
  };
  const [active, planned, ended, silences] = await Promise.all([
    readAll("active"),
    readAll("planned"),
    read("ended", { cursor, limit: "20" }),
    get<{ items: SilenceView[] }>("/api/v1/alert-silences"),
  ]);
  const canChange = canRespond(me.role);
  const isAny = active.length + planned.length + ended.items.length > 0;
  return (
    <PageShell path="/alerts/mutes">
      <PageHead title="Mutes and maintenance" action={canChange && isAny && <NewMute />}>
        <AlertTabs canRespond={canChange} />
      </PageHead>
      <MutesPanel active={active} planned={planned} ended={ended.items} canChange={canChange}>
        <SilencesPanel silences={itemsOf(silences)} canChange={canChange} />
      </MutesPanel>
      <MoreLink path="/alerts/mutes" filters={{}} cursor={ended.nextCursor} />
    </PageShell>
  );
}
