"use client";

import { api, fieldProblem } from "#/components/api/client.ts";
import { FormDialog } from "#/components/api/form-dialog.tsx";
import { textIn } from "#/components/api/form-values.ts";
import { later } from "#/components/mutes/mute-form.ts";
import { useRefreshed } from "#/components/settings/use-refreshed.ts";
import { ButtonLink, type ButtonVariant } from "#/components/ui/button.tsx";
import { Checkbox, Select, TextArea } from "#/components/ui/field.tsx";
import type { MaintenanceView, PostMaintenanceUpdateInput } from "#/server/maintenance/contract.ts";
import { MAINTENANCE_BODY_LENGTH_MAX, type MaintenanceStatus } from "#/server/maintenance/shared/lists.ts";
import { usualText } from "#/server/maintenance/shared/words.ts";
import { maintenanceSpans } from "./maintenance-form.ts";

type Stage = NonNullable<PostMaintenanceUpdateInput["status"]>;
type Act = { label: string; status?: Stage; variant?: ButtonVariant };

const start: Act = { label: "Start now", status: "in_progress" };
const verify: Act = { label: "Verify", status: "verifying" };
const complete: Act = { label: "Complete", status: "completed", variant: "primary" };
const back: Act = { label: "Back to work", status: "in_progress" };
const say: Act = { label: "Post update" };

const actsOf: Record<MaintenanceStatus, readonly Act[]> = {
  scheduled: [start, say],
  in_progress: [complete, verify, say],
  verifying: [complete, back, say],
  completed: [],
  cancelled: [],
};

/** What can be done with a maintenance that is not over. */
export function MaintenanceActs({ maintenance }: { maintenance: MaintenanceView }) {
  const { id, status, until } = maintenance;
  const refreshed = useRefreshed();
  const path = `/api/v1/maintenances/${id}`;
  const isOn = (form: FormData) => form.get("notify") === "on";
  const post = (act: Act) => (form: FormData) => {
    const body = textIn(form, "body");
    return refreshed(
      api.post(`${path}/updates`, {
        ...(act.status && { status: act.status }),
        ...(body && { body }),
        notify: isOn(form),
      }),
      "Published.",
    );
  };
  return (
    <div className="flex flex-wrap gap-2 max-md:*:min-h-11">
      {actsOf[status].map((act) => (
        <FormDialog
          key={act.label}
          label={act.label}
          title={act.label}
          submitLabel={act.status ? act.label : "Publish"}
          variant={act.variant}
          onSubmit={post(act)}
        >
          {(problem) => (
            <SayFields
              usual={act.status && usualText(status, act.status)}
              hasChannels={maintenance.channels.length > 0}
              problem={problem}
            />
          )}
        </FormDialog>
      ))}
      {status !== "scheduled" && (
        <FormDialog
          label="Prolong"
          title="Prolong"
          onSubmit={(form) =>
            refreshed(
              api.patch(path, { until: later(until, Number(textIn(form, "minutes"))), notify: isOn(form) }),
              "Prolonged, and people are told.",
            )
          }
        >
          {(problem) => (
            <>
              <Select label="By" name="minutes" error={fieldProblem(problem, "/until")}>
                {maintenanceSpans.map(({ minutes, label }) => (
                  <option key={minutes} value={minutes}>
                    {label}
                  </option>
                ))}
              </Select>
              <NotifyField hasChannels={maintenance.channels.length > 0} />
            </>
          )}
        </FormDialog>
      )}
      <ButtonLink href={`/maintenance/${id}/edit`}>Change</ButtonLink>
      <FormDialog
        label="Cancel"
        title="Cancel this maintenance"
        submitLabel="Cancel maintenance"
        variant="quiet"
        onSubmit={(form) =>
          refreshed(api.post(`${path}/cancel`, { reason: textIn(form, "body"), notify: isOn(form) }), "Cancelled.")
        }
      >
        {(problem) => (
          <>
            <TextArea
              label="Why"
              name="body"
              hint="Public. Left empty, people read only that it is cancelled. It does not come back: schedule another one then."
              error={fieldProblem(problem, "/reason")}
            />
            <NotifyField hasChannels={maintenance.channels.length > 0} />
          </>
        )}
      </FormDialog>
    </div>
  );
}

type SayProps = { usual: string | undefined; hasChannels: boolean; problem: unknown };

function SayFields({ usual, hasChannels, problem }: SayProps) {
  return (
    <>
      <TextArea
        label="What to say"
        name="body"
        maxLength={MAINTENANCE_BODY_LENGTH_MAX}
        placeholder={usual}
        hint={usual && "Left empty, people read the words above."}
        error={fieldProblem(problem, "/body")}
        required={usual === undefined}
      />
      <NotifyField hasChannels={hasChannels} />
    </>
  );
}

function NotifyField({ hasChannels }: { hasChannels: boolean }) {
  return hasChannels ? (
    <Checkbox name="notify" defaultChecked label="Send it by Slack and mail too, where this maintenance is told" />
  ) : null;
}
