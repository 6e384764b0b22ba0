import type { Metadata } from "next";
import { AlertTabs } from "#/components/alerts/alert-tabs.tsx";
import { sourceWord } from "#/components/incidents/words.ts";
import { DaysChoice } from "#/components/noise/days-choice.tsx";
import { NoiseTable } from "#/components/noise/noise-table.tsx";
import { PageHead } from "#/components/shell/page-head.tsx";
import { canRespond } from "#/components/shell/person.ts";
import { EmptyState } from "#/components/ui/empty-state.tsx";
import type { NoiseView } from "#/server/alerts/contract.ts";
import { NIGHT_FROM_HOUR, NIGHT_TO_HOUR } from "#/server/alerts/shared/lists.ts";
import { filtersFrom, type PageQuery, pathWith } from "../../_shell/page-query.ts";
import { PageShell } from "../../_shell/page-shell.tsx";
import { pageValue, signedIn } from "../../_shell/signed-in.ts";

export const metadata: Metadata = { title: "Noise" };

export default async function NoisePage({ searchParams }: { searchParams: PageQuery }) {
  const { me, get } = await signedIn("/alerts/noise");
  const { days } = await filtersFrom(searchParams, ["days"]);
  const noise = pageValue(await get<NoiseView>(pathWith("/api/v1/alert-noise", { days })));
  const isRoutesReader = canRespond(me.role);
  const isEmpty = noise.sources.length === 0;
  return (
    <PageShell path="/alerts/noise">
      <PageHead title="Noise" action={<DaysChoice />}>
        <AlertTabs canRespond={isRoutesReader} />
      </PageHead>
      {isEmpty ? (
        <EmptyState title="No alert came in these days">
          What comes is counted here: which alert routes and sources open incidents that people decline, flap, or wake
          somebody.
        </EmptyState>
      ) : (
        <div className="flex flex-col gap-5">
          <p className="max-w-prose text-s text-muted">
            What cries wolf comes first: by declined incidents, then by those opened at night ({NIGHT_FROM_HOUR} to{" "}
            {NIGHT_TO_HOUR} o’clock, {noise.timeZone}), then by flaps.
          </p>
          <NoiseTable
            title="Alert routes"
            rows={noise.routes}
            name={(row) => row.name}
            href={(row) => (isRoutesReader && row.id ? `/settings/alert-routes#route-${row.id}` : null)}
          />
          <NoiseTable
            title="Sources"
            rows={noise.sources}
            name={(row) => sourceWord(row.name)}
            href={(row) => `/alerts?source=${encodeURIComponent(row.id)}`}
          />
        </div>
      )}
    </PageShell>
  );
}
