"use client";

import { useState } from "react";
import { fieldProblem } from "#/components/api/client.ts";
import { textIn } from "#/components/api/form-values.ts";
import { Checkbox, Select, TextField } from "#/components/ui/field.tsx";
import type { ChangeDestinationInput, CreateDestinationInput, DestinationView } from "#/server/audience/contract.ts";
import {
  DESTINATION_URL_LENGTH_MAX,
  type DestinationKind,
  destinationKinds,
  REACH_NAME_LENGTH_MAX,
  type WebhookEvent,
  webhookEvents,
} from "#/server/audience/shared/reach.ts";
import { destinationLooks, eventWords } from "./destination-words.ts";

/** What a form of these fields says. Without an address the one that is kept stays. */
export function changeIn(form: FormData): ChangeDestinationInput {
  const url = textIn(form, "url");
  const isWebhook = form.get("kind") === "webhook";
  return {
    name: textIn(form, "name"),
    ...(url && { url }),
    ...(isWebhook && { events: form.getAll("events").map(String) as WebhookEvent[] }),
  };
}
export function destinationIn(form: FormData): CreateDestinationInput {
  return {
    ...changeIn(form),
    kind: form.get("kind"),
    name: textIn(form, "name"),
    url: textIn(form, "url"),
  } as CreateDestinationInput;
}

type Props = { destination?: DestinationView; problem: unknown };

/** What a destination is called, where it is, and what a webhook is told of. */
export function DestinationFields({ destination, problem }: Props) {
  const [kind, setKind] = useState<DestinationKind>(destination?.kind ?? "teams");
  const look = destinationLooks[kind];
  return (
    <>
      {destination ? (
        <input type="hidden" name="kind" value={kind} />
      ) : (
        <Select
          label="Kind"
          name="kind"
          value={kind}
          onChange={(event) => setKind(event.target.value as DestinationKind)}
        >
          {destinationKinds.map((each) => (
            <option key={each} value={each}>
              {destinationLooks[each].word}
            </option>
          ))}
        </Select>
      )}
      <TextField
        label="Name"
        name="name"
        defaultValue={destination?.name}
        placeholder="What people call the place"
        maxLength={REACH_NAME_LENGTH_MAX}
        error={fieldProblem(problem, "/name")}
        required
      />
      <TextField
        label="URL"
        name="url"
        type="url"
        placeholder={destination ? destination.url : look.url}
        hint={destination ? "Kept, and never shown whole; enter one only to change it" : look.hint}
        maxLength={DESTINATION_URL_LENGTH_MAX}
        error={fieldProblem(problem, "/url")}
        required={!destination}
      />
      {kind === "webhook" && <EventFields chosen={destination?.events ?? webhookEvents} problem={problem} />}
    </>
  );
}

function EventFields({ chosen, problem }: { chosen: readonly WebhookEvent[]; problem: unknown }) {
  const wrong = fieldProblem(problem, "/events");
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 text-s font-[550]">Told of</legend>
      {webhookEvents.map((event) => (
        <Checkbox
          key={event}
          label={eventWords[event]}
          hint={event}
          name="events"
          value={event}
          defaultChecked={chosen.includes(event)}
        />
      ))}
      <p className="text-s text-muted">Incidents are told to webhooks of internal audiences only.</p>
      {wrong && <p className="text-s text-bad">! {wrong}</p>}
    </fieldset>
  );
}
