"use client";

import { fieldProblem } from "#/components/api/client.ts";
import { listIn, textIn } from "#/components/api/form-values.ts";
import { CopyField } from "#/components/ui/copy-field.tsx";
import { TextArea, TextField } from "#/components/ui/field.tsx";
import type { SettingsView } from "#/server/settings/contract.ts";
import { SettingsForm } from "./settings-form.tsx";

export const TELL_HINT =
  "One a line: an address, #channel, webhook:https://…, pagerduty:<routing key>, opsgenie:<API key>. Keys are kept and shown by their end; leave such a line as it is to keep it";

/** What is wrong with a list: with the whole of it, or with one of its lines. */
export function listProblem(problem: unknown, field: string, lines: number): string | undefined {
  const places = [`/${field}`, ...Array.from({ length: lines }, (_, at) => `/${field}/${at}`)];
  return places.map((place) => fieldProblem(problem, place)).find(Boolean);
}

/** As many lines as a list can have, to find the one that is wrong. */
const LINES_MAX = 60;

function TellField({
  label,
  name,
  lines,
  hint,
  problem,
}: {
  label: string;
  name: string;
  lines: readonly string[];
  hint: string;
  problem: unknown;
}) {
  return (
    <TextArea
      label={label}
      name={name}
      hint={hint}
      defaultValue={lines.join("\n")}
      error={listProblem(problem, name, LINES_MAX)}
    />
  );
}

/** Who hears of every new triage incident, how often, and who hears when they do not answer. */
export function TellLists({ settings }: { settings: SettingsView }) {
  const { tell, fallbackTell, telling, webhookSecret } = settings;
  const hasWebhook = [...tell, ...fallbackTell].some((line) => line.startsWith("webhook:"));
  return (
    <>
      <SettingsForm
        label="Who hears of every new incident"
        read={(form) => ({
          tell: listIn(form, "tell"),
          fallbackTell: listIn(form, "fallbackTell"),
          telling: {
            repeatMinutes: Number(textIn(form, "repeatMinutes")),
            fallbackAfterMinutes: Number(textIn(form, "fallbackAfterMinutes")),
          },
        })}
      >
        {(problem) => (
          <>
            <TellField
              label="Tell list"
              name="tell"
              lines={tell}
              hint={`${TELL_HINT}. A service can name more of its own`}
              problem={problem}
            />
            <div className="grid grid-cols-2 gap-4 max-md:grid-cols-1">
              <TextField
                label="Tell again every (minutes)"
                name="repeatMinutes"
                type="number"
                min={0}
                max={60}
                defaultValue={telling.repeatMinutes}
                hint="Until somebody accepts; 0 tells once"
                error={fieldProblem(problem, "/telling/repeatMinutes")}
                required
              />
              <TextField
                label="Fallback after (minutes)"
                name="fallbackAfterMinutes"
                type="number"
                min={1}
                max={240}
                defaultValue={telling.fallbackAfterMinutes}
                hint="From then on these hear too"
                error={fieldProblem(problem, "/telling/fallbackAfterMinutes")}
                required
              />
            </div>
            <TellField
              label="Fallback list"
              name="fallbackTell"
              lines={fallbackTell}
              hint="As above; who hears when nobody of the tell list accepts"
              problem={problem}
            />
          </>
        )}
      </SettingsForm>
      {hasWebhook && (
        <div className="mt-4 max-w-xl">
          <CopyField label="Signing secret of webhooks (Standard Webhooks)" value={webhookSecret} />
        </div>
      )}
    </>
  );
}
