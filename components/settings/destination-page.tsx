"use client";

import { useRouter } from "next/navigation";
import { type ReactNode, useState } from "react";
import { ActButton } from "#/components/api/act-button.tsx";
import { api } from "#/components/api/client.ts";
import { ConfirmButton } from "#/components/api/confirm-button.tsx";
import { Banner } from "#/components/ui/banner.tsx";
import { Tag } from "#/components/ui/tag.tsx";
import { Time } from "#/components/ui/time.tsx";
import { toast } from "#/components/ui/toasts.tsx";
import { AudienceBadge } from "#/components/updates/audience-badge.tsx";
import type { DestinationView, DestinationWithSecret } from "#/server/audience/contract.ts";
import type { DestinationDeliveryView } from "#/server/updates/contract.ts";
import { EditDestination, SecretOnce, TestButton } from "./destination-acts.tsx";
import { DestinationDeliveries } from "./destination-deliveries.tsx";
import { destinationLooks, eventWords } from "./destination-words.ts";
import { SectionPage, Subsection } from "./section-page.tsx";
import { useRefreshed } from "./use-refreshed.ts";

type Props = {
  destination: DestinationView;
  deliveries: readonly DestinationDeliveryView[];
  canChange: boolean;
  /** Leads to older deliveries. */
  more: ReactNode;
};

/** One destination: what it is, whether it works, and what went there. */
export function DestinationPage({ destination, deliveries, canChange, more }: Props) {
  const [made, setMade] = useState<DestinationWithSecret | null>(null);
  return (
    <SectionPage
      title={destination.name}
      about={`${destinationLooks[destination.kind].word} at ${destination.url}`}
      action={canChange && <Acts destination={destination} onRotated={setMade} />}
    >
      <SecretOnce made={made} />
      {!destination.enabled && (
        <Banner tone="warn" title="Nothing goes there.">
          {destination.disabledReason
            ? `It switched itself off: ${destination.disabledReason} Turn it on once the receiver is back.`
            : "It was switched off here."}
        </Banner>
      )}
      <Facts destination={destination} />
      <Subsection title="Last deliveries">
        <DestinationDeliveries destination={destination} deliveries={deliveries} canChange={canChange} />
        {more}
      </Subsection>
    </SectionPage>
  );
}

type ActsProps = { destination: DestinationView; onRotated: (made: DestinationWithSecret) => void };

function Acts({ destination, onRotated }: ActsProps) {
  const refreshed = useRefreshed();
  const router = useRouter();
  const { id, name, kind, enabled, audiences } = destination;
  const path = `/api/v1/destinations/${id}`;
  async function rotate(): Promise<void> {
    onRotated(await api.post<DestinationWithSecret>(`${path}/rotate`));
    await refreshed(Promise.resolve());
  }
  async function remove(): Promise<void> {
    await api.delete(path);
    toast(`${name} deleted.`);
    router.push("/settings/destinations");
  }
  return (
    <div className="flex flex-wrap gap-1 max-md:-ml-2.5 max-md:[&_button]:min-h-11">
      <TestButton destination={destination} />
      <EditDestination destination={destination} />
      {kind === "webhook" && (
        <ConfirmButton label="Rotate secret" title={`Rotate secret of ${name}`} onConfirm={rotate} variant="quiet">
          A new secret is shown once. For 24 hours both sign, so that the receiver can change over without missing
          anything.
        </ConfirmButton>
      )}
      <ActButton
        label={enabled ? "Turn off" : "Turn on"}
        name={`${enabled ? "Turn off" : "Turn on"} ${name}`}
        act={() => refreshed(api.patch(path, { enabled: !enabled }))}
      />
      <ConfirmButton label="Delete" title={`Delete ${name}`} onConfirm={remove}>
        {audiences.length > 0
          ? `${audiences.map((each) => each.name).join(", ")} will not hear there any more.`
          : "It is in no audience."}{" "}
        Its address and secret are forgotten.
      </ConfirmButton>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex gap-x-3 gap-y-1 border-t border-line py-2 max-md:flex-col">
      <dt className="w-32 shrink-0 text-s text-muted">{name}</dt>
      <dd className="flex min-w-0 flex-wrap items-center gap-1.5">{children}</dd>
    </div>
  );
}

function Facts({ destination }: { destination: DestinationView }) {
  const { audiences, events, kind, testedAt, testError, previousSecretUntil } = destination;
  return (
    <dl className="border-b border-line">
      <Fact name="Hears for">
        {audiences.map((each) => (
          <span key={each.id} className="inline-flex items-center gap-1.5">
            {each.name} <AudienceBadge kind={each.kind} />
          </span>
        ))}
        {audiences.length === 0 && <Tag tone="warn">In no audience</Tag>}
      </Fact>
      {kind === "webhook" && <Fact name="Told of">{events.map((event) => eventWords[event]).join(" · ")}</Fact>}
      {previousSecretUntil && (
        <Fact name="Secrets">
          The old one signs, too, until <Time at={previousSecretUntil} format="day-time" />
        </Fact>
      )}
      <Fact name="Last test">
        {testedAt ? (
          <>
            <Time at={testedAt} format="day-time" />
            <Tag tone={testError ? "bad" : "ok"}>{testError ? "! did not arrive" : "✓ arrived"}</Tag>
            {testError}
          </>
        ) : (
          "never tried"
        )}
      </Fact>
    </dl>
  );
}
