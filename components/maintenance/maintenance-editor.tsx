"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { api, fieldProblem } from "#/components/api/client.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useSubmit } from "#/components/api/use-submit.ts";
import { ServiceNamesField } from "#/components/settings/service-names-field.tsx";
import { Button, ButtonLink } from "#/components/ui/button.tsx";
import { Checkbox, Select, TextArea, TextField } from "#/components/ui/field.tsx";
import { toast } from "#/components/ui/toasts.tsx";
import { MUTE_SERVICES_MAX } from "#/server/alerts/shared/lists.ts";
import type { ComponentView } from "#/server/audience/contract.ts";
import type { ChannelReadiness, MaintenanceView } from "#/server/maintenance/contract.ts";
import { MAINTENANCE_BODY_LENGTH_MAX, MAINTENANCE_TITLE_LENGTH_MAX } from "#/server/maintenance/shared/lists.ts";
import { ComponentsField } from "./components-field.tsx";
import { type MaintenanceStart, maintenanceIn, reminderChoices, verifyChoices } from "./maintenance-form.ts";
import { MaintenancePreview, type Shown } from "./maintenance-preview.tsx";
import { WindowFields } from "./window-fields.tsx";

type Props = {
  /** What the form opens with. */
  start: MaintenanceStart;
  /** The one that is changed; null for a new one. */
  maintenance: MaintenanceView | null;
  components: readonly ComponentView[];
  channels: readonly ChannelReadiness[];
  pageName: string;
};

const channelWords = { slack: "Slack", email: "E-mail to subscribers" } as const;

/** Who hears of it, and when they are reminded. */
function TellFields({ start, channels }: Pick<Props, "start" | "channels">) {
  return (
    <>
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1 text-s font-[550]">Who hears of it</legend>
        <p className="text-s text-muted">The status page and its feeds always do.</p>
        {channels.map(({ channel, isReady }) => (
          <Checkbox
            key={channel}
            name="channels"
            value={channel}
            label={channelWords[channel]}
            defaultChecked={isReady && start.channels.includes(channel)}
            disabled={!isReady}
            {...(!isReady && { hint: "Not set up: an administrator can do that under Settings." })}
          />
        ))}
      </fieldset>
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1 text-s font-[550]">Remind them</legend>
        <div className="grid gap-2 sm:grid-cols-2">
          {reminderChoices.map(({ minutes, label }) => (
            <Checkbox
              key={minutes}
              name="reminders"
              value={minutes}
              label={label}
              defaultChecked={start.reminders.includes(minutes)}
            />
          ))}
        </div>
      </fieldset>
    </>
  );
}

/** How long it is looked over at its end. */
function VerifyField({ start, problem }: Pick<Props, "start"> & { problem: unknown }) {
  return (
    <Select
      label="Verifying at the end"
      name="verifyMinutes"
      defaultValue={start.verifyMinutes}
      hint="The last minutes of it, by itself: the work is done and looked over"
      error={fieldProblem(problem, "/verifyMinutes")}
    >
      {[...new Set([...verifyChoices, start.verifyMinutes])].map((minutes) => (
        <option key={minutes} value={minutes}>
          {minutes === 0 ? "None" : `${minutes} minutes`}
        </option>
      ))}
    </Select>
  );
}

function save(
  maintenance: MaintenanceView | null,
  input: ReturnType<typeof maintenanceIn>,
  notify: boolean,
): Promise<MaintenanceView> {
  if (maintenance === null) return api.post("/api/v1/maintenances", input);
  const { body, ...rest } = input;
  return api.patch(`/api/v1/maintenances/${maintenance.id}`, { ...rest, ...(body && { body }), notify });
}

/** The form of a maintenance, with what the public will read beside it. */
export function MaintenanceEditor({ start, maintenance, components, channels, pageName }: Props) {
  const router = useRouter();
  const [shown, setShown] = useState<Shown>({ ...start, body: "" });
  const isNew = maintenance === null;
  const { run, isPending, problem } = useSubmit(async (form: FormData) => {
    const saved = await save(maintenance, maintenanceIn(form, start), form.get("notify") === "on");
    toast(isNew ? "Scheduled and announced." : "Saved.");
    router.push(`/maintenance/${saved.id}`);
    router.refresh();
  });
  function look(form: FormData): void {
    const { title, body, from, until, components: chosen = [] } = maintenanceIn(form, start);
    setShown({ title, body, components: chosen, from: from || shown.from, until: until || shown.until });
  }
  return (
    <form
      aria-label="Maintenance"
      className="grid items-start gap-6 xl:grid-cols-[minmax(0,42rem)_minmax(0,340px)]"
      onChange={(event) => look(new FormData(event.currentTarget))}
      onSubmit={(event) => {
        event.preventDefault();
        void run(new FormData(event.currentTarget));
      }}
    >
      <div className="flex max-w-2xl min-w-0 flex-col gap-5">
        <TextField
          label="Title"
          name="title"
          defaultValue={start.title}
          placeholder="Database upgrade"
          maxLength={MAINTENANCE_TITLE_LENGTH_MAX}
          error={fieldProblem(problem, "/title")}
          required
        />
        <TextArea
          label={isNew ? "What will be done" : "What to say about the change"}
          name="body"
          maxLength={MAINTENANCE_BODY_LENGTH_MAX}
          hint={
            isNew
              ? "What changes for people meanwhile, in their words. It is public."
              : "Left empty, another time is said in the usual words, and nothing else is said."
          }
          error={fieldProblem(problem, "/body")}
          required={isNew}
        />
        <WindowFields
          start={start}
          hasBegun={maintenance !== null && maintenance.status !== "scheduled"}
          problem={problem}
        />
        <ComponentsField
          components={components}
          chosen={start.components}
          error={fieldProblem(problem, "/components")}
        />
        <VerifyField start={start} problem={problem} />
        <TellFields start={start} channels={channels} />
        <ServiceNamesField
          label="Mute alerts of services"
          name="muteServices"
          initial={start.muteServices}
          max={MUTE_SERVICES_MAX}
          hint="For its time their alerts are recorded and shown, and nobody is told. Enter adds one"
          error={fieldProblem(problem, "/muteServices")}
        />
        {!isNew && <Checkbox name="notify" defaultChecked label="Send what is said by these channels too" />}
        <ProblemBanner problem={problem} />
        <div className="flex flex-wrap gap-2 max-md:*:min-h-11 max-md:*:grow">
          <Button type="submit" variant="primary" isPending={isPending}>
            {isNew ? "Schedule and announce" : "Save"}
          </Button>
          <ButtonLink href={isNew ? "/maintenance" : `/maintenance/${maintenance.id}`}>Cancel</ButtonLink>
        </div>
      </div>
      <MaintenancePreview
        shown={shown}
        components={components}
        pageName={pageName}
        status={maintenance?.status ?? "scheduled"}
      />
    </form>
  );
}
