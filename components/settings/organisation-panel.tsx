"use client";

import { fieldProblem } from "#/components/api/client.ts";
import { listIn, textIn } from "#/components/api/form-values.ts";
import { Checkbox, TextField } from "#/components/ui/field.tsx";
import { severities } from "#/server/incidents/shared/lists.ts";
import type { SettingsView } from "#/server/settings/contract.ts";
import { SectionPage, Subsection } from "./section-page.tsx";
import { SettingsForm } from "./settings-form.tsx";

/** The organisation's name and time zone, and what it expects of every incident. */
export function OrganisationPanel({ settings, zones }: { settings: SettingsView; zones: readonly string[] }) {
  const { organisation } = settings;
  return (
    <SectionPage title="Organisation" about="The time zone counts for calendar days, night hours and charts.">
      <SettingsForm
        label="Organisation"
        read={(form) => ({ organisation: { name: textIn(form, "name"), timeZone: textIn(form, "timeZone") } })}
      >
        {(problem) => (
          <>
            <TextField
              label="Name"
              name="name"
              defaultValue={organisation.name}
              maxLength={100}
              error={fieldProblem(problem, "/organisation/name")}
              required
            />
            <TextField
              label="Time zone"
              name="timeZone"
              list="time-zones"
              defaultValue={organisation.timeZone}
              error={fieldProblem(problem, "/organisation/timeZone")}
              required
            />
            <datalist id="time-zones">
              {zones.map((zone) => (
                <option key={zone} value={zone} />
              ))}
            </datalist>
          </>
        )}
      </SettingsForm>
      <Subsection title="Required roles">
        <p className="mb-3 max-w-xl text-s text-muted">
          Who has to be there at each severity, as commander, scribe. The room says which are missing, and reminds after
          some minutes. A commander is always reminded of.
        </p>
        <SettingsForm
          label="Required roles"
          read={(form) => ({
            requiredRoles: Object.fromEntries(severities.map((severity) => [severity, listIn(form, severity)])),
          })}
        >
          {(problem) =>
            severities.map((severity) => (
              <TextField
                key={severity}
                label={severity}
                name={severity}
                defaultValue={settings.requiredRoles[severity].join(", ")}
                error={severities
                  .map((_, at) => fieldProblem(problem, `/requiredRoles/${severity}/${at}`))
                  .find(Boolean)}
              />
            ))
          }
        </SettingsForm>
      </Subsection>
      <OwnersOfServices isInviting={settings.serviceOwners.invite} />
    </SectionPage>
  );
}

/** Whether owners are asked to come by themselves. */
function OwnersOfServices({ isInviting }: { isInviting: boolean }) {
  return (
    <Subsection title="Owners of services">
      <SettingsForm
        label="Owners of services"
        read={(form) => ({ serviceOwners: { invite: form.get("inviteOwners") === "on" } })}
      >
        {() => (
          <Checkbox
            name="inviteOwners"
            defaultChecked={isInviting}
            label="Ask the owner of an affected service to come"
            hint="As soon as somebody works on the incident; never to a drill or a private one. Otherwise the room offers to bring them in."
          />
        )}
      </SettingsForm>
    </Subsection>
  );
}
