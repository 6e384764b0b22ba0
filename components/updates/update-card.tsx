"use client";

import { useState } from "react";
import { api } from "#/components/api/client.ts";
import { useMe } from "#/components/realtime/room/room-provider.tsx";
import { incidentPath } from "#/components/room/incident-path.ts";
import { statusSigns } from "#/components/room/signs.ts";
import { useAct } from "#/components/room/use-act.ts";
import { Button } from "#/components/ui/button.tsx";
import { onDemand } from "#/components/ui/on-demand.tsx";
import { Tag } from "#/components/ui/tag.tsx";
import { Time } from "#/components/ui/time.tsx";
import type { UpdateView } from "#/server/updates/contract.ts";
import { wordedChannels } from "#/server/updates/shared/lists.ts";
import { updateStatusWords } from "#/server/updates/shared/words.ts";
import { AudienceBadge } from "./audience-badge.tsx";
import { DeliveryList } from "./delivery-list.tsx";
import { chipsOf, type Trouble, troublesOf } from "./delivery-words.ts";
import { channelWords } from "./words.ts";

const CorrectDialog = onDemand(async () => (await import("./correct-dialog.tsx")).CorrectDialog);

/** A published update with the proof that it arrived, or why not. */
export function UpdateCard({ incidentId, update }: { incidentId: string; update: UpdateView }) {
  const { canWrite } = useMe();
  const [isCorrecting, setCorrecting] = useState(false);
  const path = incidentPath(incidentId, "updates", update.id);
  return (
    <li className="group mb-2 rounded-md border border-line bg-panel p-3 text-s">
      <header className="mb-1 flex flex-wrap items-baseline gap-x-2">
        <b className="font-semibold">
          <span aria-hidden="true">{statusSigns[update.status]} </span>
          {updateStatusWords[update.status]}
        </b>
        {update.audience === "internal" && <AudienceBadge kind="internal" />}
        {update.correctedAt && <Tag tone="warn">corrected</Tag>}
        <span className="ml-auto text-xs text-muted">
          <Time at={update.publishedAt} /> · {update.publishedBy.name}
        </span>
      </header>
      <p className="whitespace-pre-wrap wrap-anywhere">{update.body}</p>
      {wordedChannels.map((channel) =>
        update.wordings[channel] ? (
          <details key={channel} className="mt-1 text-muted">
            <summary className="inline-block min-h-6 cursor-pointer">
              In other words for {channelWords[channel]}
            </summary>
            <p className="whitespace-pre-wrap text-text wrap-anywhere">{update.wordings[channel]}</p>
          </details>
        ) : null,
      )}
      <footer className="mt-2 flex flex-wrap items-center gap-1.5">
        {update.deliverySummary.flatMap(chipsOf).map((chip) => (
          <Tag key={chip.text} tone={chip.tone}>
            {chip.text}
          </Tag>
        ))}
        {canWrite && (
          <Button
            size="s"
            variant="quiet"
            className="-my-1 -mr-2 ml-auto max-[900px]:min-h-11"
            onClick={() => setCorrecting(true)}
          >
            Correct
          </Button>
        )}
      </footer>
      {troublesOf(update).map((trouble) => (
        <TroubleRow key={trouble.channel} path={path} trouble={trouble} canWrite={canWrite} />
      ))}
      <DeliveryList path={path} update={update} />
      {isCorrecting && <CorrectDialog path={path} update={update} onClose={() => setCorrecting(false)} />}
    </li>
  );
}

function TroubleRow({ path, trouble, canWrite }: { path: string; trouble: Trouble; canWrite: boolean }) {
  const { act, isPending } = useAct();
  async function sendAgain(): Promise<void> {
    for (const id of trouble.deliveryIds) await api.post(`${path}/deliveries/${id}/retry`);
  }
  return (
    <div className="mt-2 flex flex-wrap items-center gap-2 border-t border-line pt-2 text-xs">
      <span className="min-w-0 grow basis-40 text-bad wrap-anywhere">
        {channelWords[trouble.channel]}: {trouble.reason}
      </span>
      {canWrite && (
        <Button size="s" isPending={isPending} className="max-[900px]:min-h-11" onClick={() => void act(sendAgain)}>
          Send again
        </Button>
      )}
    </div>
  );
}
