"use client";

import { useState } from "react";
import { api } from "#/components/api/client.ts";
import { useMe } from "#/components/realtime/room/room-provider.tsx";
import { useAct } from "#/components/room/use-act.ts";
import { Button } from "#/components/ui/button.tsx";
import { cx } from "#/components/ui/cx.ts";
import { onDemand } from "#/components/ui/on-demand.tsx";
import { Time } from "#/components/ui/time.tsx";
import type { DeliveryView, UpdateView } from "#/server/updates/contract.ts";
import { deliveryState, isDead, type Wait, waitsOf } from "./delivery-words.ts";
import { channelWords } from "./words.ts";

const EditDelivery = onDemand(async () => (await import("./edit-delivery-dialog.tsx")).EditDeliveryDialog);

type Props = {
  /** Of the update in the API. */
  path: string;
  update: UpdateView;
};

/** Each message of an update: where it went, how often it was tried and when next, and why it did not arrive. */
export function DeliveryList({ path, update }: Props) {
  const { deliveries, deliverySummary } = update;
  const total = deliverySummary.reduce((sum, each) => sum + each.total, 0);
  const hidden = total - deliveries.filter((one) => one.state !== "superseded" && one.state !== "cancelled").length;
  if (deliveries.length === 0) return null;
  return (
    <>
      {waitsOf(update).map((wait) => (
        <WaitRow key={wait.channel} wait={wait} />
      ))}
      <details className="group/deliveries mt-2 border-t border-line text-xs">
        <summary className="flex min-h-7 items-center gap-1.5 text-muted max-[900px]:min-h-11">
          <span aria-hidden="true" className="group-open/deliveries:rotate-90">
            ▸
          </span>
          Deliveries
        </summary>
        <ul>
          {deliveries.map((delivery) => (
            <DeliveryRow key={delivery.id} path={path} update={update} delivery={delivery} />
          ))}
        </ul>
        {hidden > 0 && <p className="py-1.5 text-muted">and {hidden.toLocaleString("en-GB")} more</p>}
      </details>
    </>
  );
}

function WaitRow({ wait }: { wait: Wait }) {
  return (
    <p className="mt-2 border-t border-line pt-2 text-xs text-muted wrap-anywhere">
      {channelWords[wait.channel] ?? wait.channel}: {wait.reason} · {wait.tries} so far, next at{" "}
      <Time at={wait.nextAt} />
    </p>
  );
}

function nameOf({ channel, destination, kind }: DeliveryView): string {
  const name = channel === "status_page" ? channelWords.status_page : `${channelWords[channel]} ${destination}`;
  return kind === "correction" ? `${name}, the correction` : name;
}

function DeliveryRow({ path, update, delivery }: Props & { delivery: DeliveryView }) {
  const { canWrite } = useMe();
  const { act, isPending } = useAct();
  const [isEditing, setEditing] = useState(false);
  const { text, tone } = deliveryState(delivery);
  const own = `${path}/deliveries/${delivery.id}`;
  // The row that stands for all subscribers has no address.
  const canEdit = delivery.channel === "slack" || (delivery.channel === "email" && delivery.destination.includes("@"));
  const at = delivery.sentAt ?? delivery.nextAttemptAt;
  return (
    <li className="flex flex-wrap items-baseline gap-x-2 border-t border-line py-1.5">
      <span className="min-w-0 grow wrap-anywhere">{nameOf(delivery)}</span>
      <span className={cx(tone === "bad" ? "text-bad" : tone === "ok" ? "text-ok" : "text-muted")}>
        {text}
        {at && (
          <>
            {delivery.sentAt ? " · " : ", next at "}
            <Time at={at} />
          </>
        )}
      </span>
      {delivery.lastError && <p className="w-full text-muted wrap-anywhere">{delivery.lastError}</p>}
      {delivery.body && <p className="w-full text-muted wrap-anywhere">With a text of its own: {delivery.body}</p>}
      {canWrite && isDead(delivery) && (
        <div className="flex w-full gap-1 pt-1 max-[900px]:*:min-h-11">
          {delivery.state !== "suppressed" && (
            <Button size="s" isPending={isPending} onClick={() => void act(() => api.post(`${own}/retry`))}>
              Send again
            </Button>
          )}
          {canEdit && (
            <Button size="s" onClick={() => setEditing(true)}>
              Edit and send
            </Button>
          )}
        </div>
      )}
      {isEditing && <EditDelivery path={own} update={update} delivery={delivery} onClose={() => setEditing(false)} />}
    </li>
  );
}
