"use client";

import { api } from "#/components/api/client.ts";
import { useMe, useRoom } from "#/components/realtime/room/room-provider.tsx";
import { Button } from "#/components/ui/button.tsx";
import { cx } from "#/components/ui/cx.ts";
import { Time } from "#/components/ui/time.tsx";
import type { ToldView } from "#/server/triage/contract.ts";
import { incidentPath } from "./incident-path.ts";
import { isTrouble, toldName, toldState, toldSummary } from "./told-words.ts";
import { useAct } from "./use-act.ts";

type Told = ToldView["deliveries"][number];

/** Who was told while this waited in triage, and what became of each message; open at once when one failed. */
export function ToldList() {
  const { incident, told } = useRoom().room;
  if (told.deliveries.length === 0) return null;
  const hasTrouble = told.deliveries.some(isTrouble);
  return (
    <details className="group mt-3 border-t border-line pt-2 text-s" open={hasTrouble || undefined}>
      <summary className="flex min-h-7 flex-wrap items-center gap-x-2 text-muted max-[900px]:min-h-11">
        <span aria-hidden="true" className="group-open:rotate-90">
          ▸
        </span>
        <span className={cx(hasTrouble && "text-bad")}>{toldSummary(told)}</span>
        {told.nextAt && incident.status === "triage" && (
          <span>
            · again at <Time at={told.nextAt} />
          </span>
        )}
      </summary>
      <ul className="mt-1">
        {told.deliveries.map((each) => (
          <ToldRow key={each.id} incidentId={incident.id} told={each} />
        ))}
      </ul>
    </details>
  );
}

function ToldRow({ incidentId, told }: { incidentId: string; told: Told }) {
  const { canWrite } = useMe();
  const { act, isPending } = useAct();
  const { text, tone } = toldState(told);
  const path = incidentPath(incidentId, "told", told.id);
  return (
    <li className="flex flex-wrap items-baseline gap-x-2 border-b border-line py-1.5">
      <span className="min-w-0 grow wrap-anywhere">{toldName(told)}</span>
      <span className={cx("text-xs", tone === "bad" ? "text-bad" : tone === "ok" ? "text-ok" : "text-muted")}>
        {text} · <Time at={told.at} />
      </span>
      {told.lastError && <p className="w-full text-xs text-muted wrap-anywhere">{told.lastError}</p>}
      {canWrite && isTrouble(told) && (
        <Button
          size="s"
          isPending={isPending}
          className="max-[900px]:min-h-11"
          onClick={() => void act(() => api.post(`${path}/retry`))}
        >
          Send again
        </Button>
      )}
    </li>
  );
}
