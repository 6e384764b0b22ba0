"use client";

import { useState } from "react";
import { fieldProblem } from "#/components/api/client.ts";
import { listIn, textIn } from "#/components/api/form-values.ts";
import { Checkbox, TextArea, TextField } from "#/components/ui/field.tsx";
import { Segmented } from "#/components/ui/segmented.tsx";
import { AudienceBadge, audienceLooks } from "#/components/updates/audience-badge.tsx";
import type {
  AudienceView,
  ChangeAudienceInput,
  ComponentView,
  CreateAudienceInput,
  DestinationView,
} from "#/server/audience/contract.ts";
import { AUDIENCE_MATCH_MAX, type AudienceKind, REACH_NAME_LENGTH_MAX } from "#/server/audience/shared/reach.ts";
import { type Severity, severities } from "#/server/incidents/shared/lists.ts";
import { destinationLooks } from "./destination-words.ts";
import { ServiceNamesField } from "./service-names-field.tsx";

export type Places = { components: readonly ComponentView[]; destinations: readonly DestinationView[] };

/** What a form of these fields says. */
export function changeIn(form: FormData): ChangeAudienceInput & { name: string } {
  const chosen = (name: string) => form.getAll(name).map(String);
  return {
    name: textIn(form, "name"),
    services: chosen("services"),
    components: chosen("components"),
    severities: chosen("severities") as Severity[],
    destinations: chosen("destinations"),
    slackChannels: listIn(form, "slackChannels"),
    emails: listIn(form, "emails"),
  };
}
export function audienceIn(form: FormData): CreateAudienceInput {
  return { ...changeIn(form), kind: form.get("kind") as AudienceKind };
}

/** The problem of a list's field, whichever of its lines it is about. */
function listProblem(problem: unknown, field: string, lines: number): string | undefined {
  const each = Array.from({ length: lines }, (_, index) => fieldProblem(problem, `/${field}/${index}`));
  return fieldProblem(problem, `/${field}`) ?? each.find((one) => one !== undefined);
}
/** More lines than any list here takes. */
const LINES_MAX = 101;

type Props = { audience?: AudienceView | undefined; problem: unknown } & Places;

/** Who an audience is, what it hears of, and by which ways. */
export function AudienceFields({ audience, problem, components, destinations }: Props) {
  const [kind, setKind] = useState<AudienceKind>(audience?.kind ?? "internal");
  return (
    <>
      <TextField
        label="Name"
        name="name"
        defaultValue={audience?.name}
        placeholder="Directors"
        maxLength={REACH_NAME_LENGTH_MAX}
        error={fieldProblem(problem, "/name")}
        required
      />
      <input type="hidden" name="kind" value={kind} />
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        {!audience && (
          <Segmented
            label="Who reads it"
            value={kind}
            options={[
              { value: "internal", label: "Internal" },
              { value: "public", label: "Public" },
            ]}
            onChange={setKind}
          />
        )}
        <AudienceBadge kind={kind} />
        <span className="text-s text-muted">
          {audienceLooks[kind].hint}{" "}
          {kind === "public" ? "Internal updates never go there." : "It gets public updates, too."}
        </span>
      </div>
      <Conditions audience={audience} problem={problem} components={components} />
      <Ways audience={audience} problem={problem} destinations={destinations} kind={kind} />
    </>
  );
}

const legend = "mb-1 text-s font-[550]";

function Conditions({ audience, problem, components }: Omit<Props, "destinations">) {
  const gone = (audience?.components ?? []).filter((each) => each.name === null);
  const goneServices = (audience?.services ?? []).filter((each) => each.name === null);
  const shown = [...components.map(({ id, name }) => ({ id, name })), ...gone];
  return (
    <>
      <fieldset>
        <legend className={legend}>Severities</legend>
        <div className="flex flex-wrap gap-x-4 gap-y-1">
          {severities.map((severity) => (
            <Checkbox
              key={severity}
              label={severity}
              name="severities"
              value={severity}
              defaultChecked={audience?.severities.includes(severity) ?? false}
            />
          ))}
        </div>
        <p className="text-s text-muted">None chosen means all, here and below.</p>
      </fieldset>
      <ServiceNamesField
        label="Services"
        name="services"
        initial={audience?.services.flatMap((each) => (each.name === null ? [] : [each.name]))}
        max={AUDIENCE_MATCH_MAX}
        hint="Hears of incidents that name one of them"
        error={listProblem(problem, "services", LINES_MAX)}
      />
      {goneServices.map((each) => (
        <Checkbox key={each.id} label="A service that is gone" name="services" value={each.id} defaultChecked />
      ))}
      {shown.length > 0 && (
        <fieldset className="flex flex-col gap-1">
          <legend className={legend}>Components</legend>
          {shown.map(({ id, name }) => (
            <Checkbox
              key={id}
              label={name ?? "A component that is gone"}
              name="components"
              value={id}
              defaultChecked={audience?.components.some((each) => each.id === id) ?? false}
            />
          ))}
        </fieldset>
      )}
    </>
  );
}

function Ways({ audience, problem, destinations, kind }: Omit<Props, "components"> & { kind: AudienceKind }) {
  const wrong = listProblem(problem, "destinations", LINES_MAX);
  return (
    <>
      <fieldset className="flex flex-col gap-1">
        <legend className={legend}>Destinations</legend>
        {destinations.length === 0 && (
          <p className="text-s text-muted">None yet. Mattermost, Teams and webhooks are added under Destinations.</p>
        )}
        {destinations.map(({ id, name, kind: of }) => (
          <Checkbox
            key={id}
            label={`${name} (${destinationLooks[of].word})`}
            name="destinations"
            value={id}
            defaultChecked={audience?.destinations.some((each) => each.id === id) ?? false}
          />
        ))}
        {wrong && <p className="text-s text-bad">! {wrong}</p>}
      </fieldset>
      <TextArea
        label="Slack channels"
        name="slackChannels"
        rows={2}
        defaultValue={audience?.slackChannels.join("\n")}
        placeholder="#payments"
        hint="One a line, beside the organisation's own. Muster has to be in them."
        error={listProblem(problem, "slackChannels", LINES_MAX)}
      />
      {kind === "internal" && (
        <TextArea
          label="E-mail addresses"
          name="emails"
          rows={2}
          defaultValue={audience?.emails.join("\n")}
          placeholder="directors@example.com"
          hint="One a line. People outside subscribe on the status page themselves."
          error={listProblem(problem, "emails", LINES_MAX)}
        />
      )}
    </>
  );
}
