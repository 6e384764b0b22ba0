"use client";

import { useState } from "react";
import { api } from "#/components/api/client.ts";
import { FormDialog } from "#/components/api/form-dialog.tsx";
import { ButtonLink } from "#/components/ui/button.tsx";
import { EmptyState } from "#/components/ui/empty-state.tsx";
import { Tag } from "#/components/ui/tag.tsx";
import type { DestinationView, DestinationWithSecret } from "#/server/audience/contract.ts";
import { DestinationTags, EditDestination, SecretOnce, TestButton } from "./destination-acts.tsx";
import { DestinationFields, destinationIn } from "./destination-fields.tsx";
import { destinationLooks } from "./destination-words.ts";
import { Row, Rows } from "./rows.tsx";
import { SectionPage } from "./section-page.tsx";
import { useRefreshed } from "./use-refreshed.ts";

type Props = { destinations: readonly DestinationView[]; canChange: boolean };

/** Places that updates go to, beside the status page, Slack and e-mail. */
export function DestinationsPanel({ destinations, canChange }: Props) {
  const [made, setMade] = useState<DestinationWithSecret | null>(null);
  const add = <AddDestination onMade={setMade} />;
  return (
    <SectionPage
      title="Destinations"
      about="Mattermost and Microsoft Teams channels, and webhooks for your own tools. What goes there, an audience decides."
      action={canChange && destinations.length > 0 && add}
    >
      <SecretOnce made={made} />
      {destinations.length === 0 ? (
        <EmptyState title="No destination yet" action={canChange && add}>
          Add the channel where people already look, or a webhook for a tool. Slack channels need no entry here: an
          audience names them.
        </EmptyState>
      ) : (
        <Rows label="Destinations">
          {destinations.map((destination) => (
            <DestinationRow key={destination.id} destination={destination} canChange={canChange} />
          ))}
        </Rows>
      )}
    </SectionPage>
  );
}

function AddDestination({ onMade }: { onMade: (made: DestinationWithSecret) => void }) {
  const refreshed = useRefreshed();
  async function add(form: FormData): Promise<void> {
    const made = await api.post<DestinationWithSecret>("/api/v1/destinations", destinationIn(form));
    onMade(made);
    await refreshed(Promise.resolve(), `${made.name} added. Put it into an audience, and try it.`);
  }
  return (
    <FormDialog label="Add destination" title="Add destination" submitLabel="Add" variant="primary" onSubmit={add}>
      {(problem) => <DestinationFields problem={problem} />}
    </FormDialog>
  );
}

function DestinationRow({ destination, canChange }: { destination: DestinationView; canChange: boolean }) {
  const { id, kind, name, url, audiences, disabledReason } = destination;
  return (
    <Row
      title={name}
      tags={
        <>
          <Tag>{destinationLooks[kind].word}</Tag>
          <DestinationTags destination={destination} />
        </>
      }
      facts={
        <>
          <span className="font-mono text-xs break-all">{url}</span>
          {audiences.length > 0 && ` · hears for ${audiences.map((each) => each.name).join(", ")}`}
          {disabledReason && ` · ${disabledReason}`}
        </>
      }
      acts={
        <>
          {canChange && <TestButton destination={destination} />}
          <ButtonLink
            size="s"
            variant="quiet"
            href={`/settings/destinations/${id}`}
            aria-label={`Deliveries to ${name}`}
            className="max-md:min-h-11"
          >
            Deliveries
          </ButtonLink>
          {canChange && <EditDestination destination={destination} />}
        </>
      }
    />
  );
}
