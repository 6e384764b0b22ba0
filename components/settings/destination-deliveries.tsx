"use client";

import Link from "next/link";
import { ActButton } from "#/components/api/act-button.tsx";
import { api } from "#/components/api/client.ts";
import { toldState } from "#/components/room/told-words.ts";
import { EmptyState } from "#/components/ui/empty-state.tsx";
import { Tag } from "#/components/ui/tag.tsx";
import { Time } from "#/components/ui/time.tsx";
import type { DestinationView } from "#/server/audience/contract.ts";
import type { DestinationDeliveryView } from "#/server/updates/contract.ts";
import { Row, Rows } from "./rows.tsx";
import { useRefreshed } from "./use-refreshed.ts";

type Props = { destination: DestinationView; deliveries: readonly DestinationDeliveryView[]; canChange: boolean };

/** What went to a destination, newest first. */
export function DestinationDeliveries({ destination, deliveries, canChange }: Props) {
  if (deliveries.length === 0) {
    return (
      <EmptyState title="Nothing went there yet">
        {destination.audiences.length === 0
          ? "It is in no audience: put it into one under Audiences."
          : "The next update that fits one of its audiences does."}
      </EmptyState>
    );
  }
  return (
    <Rows label="Last deliveries">
      {deliveries.map((delivery) => (
        <DeliveryRow key={delivery.id} destinationId={destination.id} delivery={delivery} canChange={canChange} />
      ))}
    </Rows>
  );
}

type RowProps = { destinationId: string; delivery: DestinationDeliveryView; canChange: boolean };

function DeliveryRow({ destinationId, delivery, canChange }: RowProps) {
  const refreshed = useRefreshed();
  const { text, tone } = toldState(delivery);
  const isTrouble = delivery.state === "failed" || delivery.state === "unknown";
  const path = `/api/v1/destinations/${destinationId}/deliveries/${delivery.id}/retry`;
  return (
    <Row
      title={<span className="font-mono text-s">{delivery.event}</span>}
      tags={<Tag tone={tone}>{text}</Tag>}
      facts={
        <>
          <Time at={delivery.sentAt ?? delivery.createdAt} format="day-time" />
          {" · "}
          {delivery.incident ? (
            <Link href={`/incidents/${delivery.incident}`} className="text-accent underline">
              {delivery.incident}
            </Link>
          ) : (
            "an incident that you may not see"
          )}
          {delivery.lastError && ` · ${delivery.lastError}`}
        </>
      }
      acts={
        canChange &&
        isTrouble && (
          <ActButton
            label="Send again"
            name={`Send ${delivery.event} again`}
            act={() => refreshed(api.post(path), "On its way again.")}
          />
        )
      }
    />
  );
}
