"use client";

import { useState } from "react";
import { ConditionField } from "#/components/alert-routes/condition-field.tsx";
import { api, fieldProblem } from "#/components/api/client.ts";
import { FormDialog } from "#/components/api/form-dialog.tsx";
import { ServiceNamesField } from "#/components/settings/service-names-field.tsx";
import { useRefreshed } from "#/components/settings/use-refreshed.ts";
import { serverNow } from "#/components/ui/clock.tsx";
import { Select, TextField } from "#/components/ui/field.tsx";
import { MUTE_SERVICES_MAX } from "#/server/alerts/shared/lists.ts";
import { muteIn, muteSpans, UNTIL_A_TIME } from "./mute-form.ts";

/** Keeps alerts quiet, at once or from a time on. */
export function NewMute() {
  const refreshed = useRefreshed();
  const mute = (form: FormData) =>
    refreshed(
      api.post("/api/v1/alert-mutes", muteIn(form, new Date(serverNow()).toISOString())),
      "Muted. What comes is recorded and shown, and nobody is told.",
    );
  return (
    <FormDialog label="Mute alerts" title="Mute alerts" submitLabel="Mute" variant="primary" onSubmit={mute}>
      {(problem) => <MuteFields problem={problem} />}
    </FormDialog>
  );
}

function MuteFields({ problem }: { problem: unknown }) {
  const [span, setSpan] = useState<string>(String(muteSpans[0].minutes));
  const servicesProblem = Array.from({ length: MUTE_SERVICES_MAX }, (_, at) =>
    fieldProblem(problem, `/services/${at}`),
  ).find(Boolean);
  return (
    <>
      <ServiceNamesField
        label="Services"
        name="services"
        max={MUTE_SERVICES_MAX}
        hint="Their alerts stay quiet, as in maintenance. Enter adds one; a new name makes a service"
        error={fieldProblem(problem, "/services") ?? servicesProblem}
      />
      <ConditionField
        label="Condition"
        name="condition"
        hint="With services, both have to hold. Empty: every alert of the services"
        error={fieldProblem(problem, "/condition")}
      />
      <div className="grid gap-4 md:grid-cols-2">
        <Select label="For" name="span" value={span} onChange={(event) => setSpan(event.target.value)}>
          {muteSpans.map(({ minutes, label }) => (
            <option key={minutes} value={minutes}>
              {label}
            </option>
          ))}
          <option value={UNTIL_A_TIME}>Until a time</option>
        </Select>
        {span === UNTIL_A_TIME && (
          <TextField
            label="Until (UTC)"
            name="until"
            type="datetime-local"
            error={fieldProblem(problem, "/until")}
            required
          />
        )}
        <TextField
          label="Starts (UTC)"
          name="from"
          type="datetime-local"
          hint="Empty: now"
          error={fieldProblem(problem, "/from")}
        />
      </div>
      <TextField
        label="Reason"
        name="reason"
        placeholder="Database upgrade"
        maxLength={500}
        error={fieldProblem(problem, "/reason")}
        required
      />
    </>
  );
}
