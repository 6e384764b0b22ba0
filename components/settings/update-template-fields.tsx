"use client";

import { useState } from "react";
import { fieldProblem } from "#/components/api/client.ts";
import { textIn } from "#/components/api/form-values.ts";
import { Checkbox, TextArea, TextField } from "#/components/ui/field.tsx";
import { severities, severityMeanings } from "#/server/incidents/shared/lists.ts";
import { fillTemplate, templateFieldHints, templateFields } from "#/server/updates/shared/fill-template.ts";
import { TEMPLATE_NAME_LENGTH_MAX, UPDATE_BODY_LENGTH_MAX, updateStatuses } from "#/server/updates/shared/lists.ts";
import { updateStatusWords } from "#/server/updates/shared/words.ts";
import type { CreateTemplateInput, TemplateView } from "#/server/updates/templates/contract.ts";

/** What a filled form says. */
export function templateIn(form: FormData): CreateTemplateInput {
  const chosen = form.getAll("severities");
  const stages = form.getAll("statuses");
  return {
    name: textIn(form, "name"),
    body: textIn(form, "body"),
    severities: severities.filter((severity) => chosen.includes(severity)),
    statuses: updateStatuses.filter((status) => stages.includes(status)),
    isHolding: form.has("isHolding"),
  };
}

/** A board for showing what becomes of a template. */
const EXAMPLE = {
  components: ["Checkout"],
  services: ["checkout"],
  impactText: "Card payments may fail; PayPal works",
  summary: "The new gateway rejects some cards",
  severity: "SEV2",
  endedAt: null,
};
const EXAMPLE_MINUTES = 45;

type Props = { template?: TemplateView; problem: unknown };

/** The fields of one template, with what becomes of it. */
export function TemplateFields({ template, problem }: Props) {
  const [body, setBody] = useState(template?.body ?? "");
  return (
    <>
      <TextField
        label="Name"
        name="name"
        defaultValue={template?.name}
        maxLength={TEMPLATE_NAME_LENGTH_MAX}
        error={fieldProblem(problem, "/name")}
        required
      />
      <TextArea
        label="Text"
        name="body"
        value={body}
        onChange={(event) => setBody(event.target.value)}
        rows={5}
        maxLength={UPDATE_BODY_LENGTH_MAX}
        error={fieldProblem(problem, "/body")}
        required
      />
      <FieldHelp />
      {body.trim() && <Example body={body} />}
      <Choices
        legend="Severities"
        name="severities"
        options={severities.map((value) => ({ value, label: `${value} ${severityMeanings[value].name}` }))}
        chosen={template?.severities}
      />
      <Choices
        legend="Statuses"
        name="statuses"
        options={updateStatuses.map((value) => ({ value, label: updateStatusWords[value] }))}
        chosen={template?.statuses}
      />
      <Checkbox
        label="Holding statement"
        name="isHolding"
        defaultChecked={template?.isHolding}
        hint="The room offers it until an incident's first update is out."
      />
    </>
  );
}

function FieldHelp() {
  return (
    <details className="-mt-3 text-s text-muted">
      <summary className="min-h-6 cursor-pointer">Fields from the board</summary>
      <ul className="mt-1 flex flex-col gap-0.5">
        {templateFields.map((field) => (
          <li key={field}>
            <code className="font-mono text-text">{`{{${field}}}`}</code> {templateFieldHints[field]}
          </li>
        ))}
        <li>
          <code className="font-mono text-text">{"{{impact|some words}}"}</code> the words for when the board says
          nothing; without them a gap in brackets is left
        </li>
      </ul>
    </details>
  );
}

function Example({ body }: { body: string }) {
  const now = new Date();
  const board = { ...EXAMPLE, startedAt: new Date(now.getTime() - EXAMPLE_MINUTES * 60_000) };
  return (
    <div className="rounded-md border border-line bg-bg px-3 py-2 text-s">
      <b className="text-xs font-semibold text-muted">For example</b>
      <p className="whitespace-pre-wrap wrap-anywhere">{fillTemplate(body, board, now)}</p>
    </div>
  );
}

type ChoicesProps = {
  legend: string;
  name: string;
  options: readonly { value: string; label: string }[];
  chosen: readonly string[] | undefined;
};

/** Which ones a template is for; none chosen means any. */
function Choices({ legend, name, options, chosen = [] }: ChoicesProps) {
  return (
    <fieldset className="flex min-w-0 flex-col gap-1">
      <legend className="mb-1 text-s font-[550]">
        {legend} <span className="font-normal text-muted">(none: any)</span>
      </legend>
      <div className="flex flex-wrap gap-x-4 gap-y-1">
        {options.map(({ value, label }) => (
          <Checkbox key={value} label={label} name={name} value={value} defaultChecked={chosen.includes(value)} />
        ))}
      </div>
    </fieldset>
  );
}
