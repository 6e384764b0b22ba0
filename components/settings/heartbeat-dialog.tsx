"use client";

import { alertSeverityWords } from "#/components/alerts/alert-words.ts";
import { fieldProblem } from "#/components/api/client.ts";
import { FormDialog } from "#/components/api/form-dialog.tsx";
import { textIn } from "#/components/api/form-values.ts";
import { Checkbox, Select, TextField } from "#/components/ui/field.tsx";
import type { HeartbeatView } from "#/server/alerts/contract.ts";
import { alertSeverities, HEARTBEAT_NAME_LENGTH_MAX, HEARTBEAT_TEXT_LENGTH_MAX } from "#/server/alerts/shared/lists.ts";
import { intervalUnits, splitInterval } from "./heartbeat-words.ts";

const INTERVAL_DEFAULT_SECONDS = 600;

type Props = {
  label: string;
  title: string;
  /** Left out for a new one. */
  heartbeat?: HeartbeatView;
  onSave: (heartbeat: object) => Promise<void>;
};

/** Adds or changes a heartbeat. Its name stays: pings carry it. */
export function HeartbeatDialog({ label, title, heartbeat, onSave }: Props) {
  const interval = splitInterval(heartbeat?.intervalSeconds ?? INTERVAL_DEFAULT_SECONDS);
  function save(form: FormData): Promise<void> {
    return onSave({
      ...(!heartbeat && { name: textIn(form, "name") }),
      intervalSeconds: Number(textIn(form, "count")) * Number(textIn(form, "unit")),
      description: textIn(form, "description"),
      message: textIn(form, "message") || null,
      severity: textIn(form, "severity"),
      ...(heartbeat && { enabled: form.get("enabled") !== null }),
    });
  }
  return (
    <FormDialog
      label={label}
      title={title}
      size={heartbeat && "s"}
      variant={heartbeat && "quiet"}
      submitLabel={heartbeat ? "Save" : "Add"}
      onSubmit={save}
    >
      {(problem) => (
        <>
          {!heartbeat && (
            <TextField
              label="Name"
              name="name"
              required
              maxLength={HEARTBEAT_NAME_LENGTH_MAX}
              placeholder="nightly-backup"
              error={fieldProblem(problem, "/name")}
            />
          )}
          <div className="grid grid-cols-2 gap-3">
            <TextField
              label="A ping at least every"
              name="count"
              type="number"
              required
              min={1}
              defaultValue={interval.count}
              error={fieldProblem(problem, "/intervalSeconds")}
            />
            <Select label="Unit" name="unit" defaultValue={interval.unit}>
              {intervalUnits.map((unit) => (
                <option key={unit.seconds} value={unit.seconds}>
                  {unit.many}
                </option>
              ))}
            </Select>
          </div>
          <TextField
            label="Title of its alert"
            name="message"
            maxLength={HEARTBEAT_TEXT_LENGTH_MAX}
            placeholder={`Heartbeat ${heartbeat?.name ?? "…"} is missing`}
            defaultValue={heartbeat?.message ?? ""}
            error={fieldProblem(problem, "/message")}
          />
          <TextField
            label="Description"
            name="description"
            maxLength={HEARTBEAT_TEXT_LENGTH_MAX}
            defaultValue={heartbeat?.description ?? ""}
            error={fieldProblem(problem, "/description")}
          />
          <Select label="Severity" name="severity" defaultValue={heartbeat?.severity ?? "error"}>
            {alertSeverities.map((severity) => (
              <option key={severity} value={severity}>
                {alertSeverityWords[severity]}
              </option>
            ))}
          </Select>
          {heartbeat && <Checkbox name="enabled" label="Watched" defaultChecked={heartbeat.enabled} />}
        </>
      )}
    </FormDialog>
  );
}
