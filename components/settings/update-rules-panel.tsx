"use client";

import { fieldProblem } from "#/components/api/client.ts";
import { textIn } from "#/components/api/form-values.ts";
import { Select, TextField } from "#/components/ui/field.tsx";
import { type Severity, severities } from "#/server/incidents/shared/lists.ts";
import type { SettingsView } from "#/server/settings/contract.ts";
import { CADENCE_MINUTES_MAX, type Cadence } from "#/server/updates/shared/cadence.ts";
import type { Audience } from "#/server/updates/shared/lists.ts";
import { type ApprovalRule, approvalRules } from "#/server/updates/shared/planned.ts";
import { SectionPage, Subsection } from "./section-page.tsx";
import { SettingsForm } from "./settings-form.tsx";

const ruleWords: Record<ApprovalRule, string> = {
  none: "Nobody",
  commander: "The commander",
  two_people: "A second person",
};
const audienceWords: Record<Audience, string> = { public: "Public updates", internal: "Internal updates" };
const cadenceWords: Record<keyof Cadence, string> = {
  firstMinutes: "First update after",
  everyMinutes: "Then every",
  longMinutes: "Long incidents every",
};
const cadenceFields = ["firstMinutes", "everyMinutes", "longMinutes"] as const;

function bySeverity<T>(read: (severity: Severity) => T): Record<Severity, T> {
  return Object.fromEntries(severities.map((severity) => [severity, read(severity)])) as Record<Severity, T>;
}

/** Who has to agree before updates go out, and how often people hear at each severity. */
export function UpdateRulesPanel({ settings }: { settings: SettingsView }) {
  return (
    <SectionPage
      title="Update rules"
      about="Who approves an update before it goes out, and when the next one is due, by severity."
    >
      <Approval settings={settings} audience="public" />
      <Approval settings={settings} audience="internal" />
      <CadenceForm settings={settings} />
    </SectionPage>
  );
}

function Approval({ settings, audience }: { settings: SettingsView; audience: Audience }) {
  const name = audienceWords[audience];
  return (
    <Subsection title={name}>
      {audience === "public" && (
        <p className="mb-3 max-w-xl text-s text-muted">
          Where somebody approves, publishing asks them: they hear at once, see what changed, and approve with one
          press. Three minutes later it may go out without, by name and with a reason. A call of the API that would
          publish unasked is then refused, and says how to ask.
        </p>
      )}
      <SettingsForm
        label={name}
        read={(form) => ({
          approval: { [audience]: bySeverity((severity) => textIn(form, severity) as ApprovalRule) },
        })}
      >
        {(problem) => (
          <div className="grid grid-cols-[repeat(auto-fill,minmax(180px,1fr))] gap-3">
            {severities.map((severity) => (
              <Select
                // What is kept now, after a save by somebody else too.
                key={`${severity} ${settings.approval[audience][severity]}`}
                label={severity}
                name={severity}
                defaultValue={settings.approval[audience][severity]}
                error={fieldProblem(problem, `/approval/${audience}/${severity}`)}
              >
                {approvalRules.map((rule) => (
                  <option key={rule} value={rule}>
                    {ruleWords[rule]}
                  </option>
                ))}
              </Select>
            ))}
          </div>
        )}
      </SettingsForm>
    </Subsection>
  );
}

function CadenceForm({ settings }: { settings: SettingsView }) {
  const nameOf = (severity: Severity, field: keyof Cadence) => `${severity}.${field}`;
  return (
    <Subsection title="Next update due">
      <p className="mb-3 max-w-xl text-s text-muted">
        In minutes; 0 means that nothing is due. The room counts down and reminds whoever has the role communications,
        after 5 minutes the commander too, after 10 everyone. After two hours the commander can declare it a long
        incident. A time that somebody promised always wins.
      </p>
      <SettingsForm
        label="Next update due"
        read={(form) => ({
          cadence: bySeverity(
            (severity) =>
              Object.fromEntries(
                cadenceFields.map((field) => [field, Number(textIn(form, nameOf(severity, field)))]),
              ) as Cadence,
          ),
        })}
      >
        {(problem) =>
          severities.map((severity) => (
            <fieldset key={severity} className="grid grid-cols-3 gap-3 max-md:grid-cols-1">
              <legend className="mb-1 text-s font-semibold">{severity}</legend>
              {cadenceFields.map((field) => (
                <TextField
                  key={`${field} ${settings.cadence[severity][field]}`}
                  label={cadenceWords[field]}
                  aria-label={`${severity}: ${cadenceWords[field]}, minutes`}
                  name={nameOf(severity, field)}
                  type="number"
                  min={0}
                  max={CADENCE_MINUTES_MAX}
                  required
                  defaultValue={settings.cadence[severity][field]}
                  error={fieldProblem(problem, `/cadence/${severity}/${field}`)}
                />
              ))}
            </fieldset>
          ))
        }
      </SettingsForm>
    </Subsection>
  );
}
