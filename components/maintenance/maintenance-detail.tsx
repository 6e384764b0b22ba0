"use client";

import { ActButton } from "#/components/api/act-button.tsx";
import { api, fieldProblem } from "#/components/api/client.ts";
import { FormDialog } from "#/components/api/form-dialog.tsx";
import { textIn } from "#/components/api/form-values.ts";
import { Row, Rows } from "#/components/settings/rows.tsx";
import { Subsection } from "#/components/settings/section-page.tsx";
import { useRefreshed } from "#/components/settings/use-refreshed.ts";
import { Banner } from "#/components/ui/banner.tsx";
import { serverNow } from "#/components/ui/clock.tsx";
import { TextArea } from "#/components/ui/field.tsx";
import { Tag } from "#/components/ui/tag.tsx";
import { Time } from "#/components/ui/time.tsx";
import { useRefreshAt } from "#/components/ui/use-refresh-at.ts";
import type { MaintenanceUpdateView, MaintenanceView } from "#/server/maintenance/contract.ts";
import { isEnded, MAINTENANCE_BODY_LENGTH_MAX } from "#/server/maintenance/shared/lists.ts";
import { maintenanceStatusWords } from "#/server/maintenance/shared/words.ts";
import { MaintenanceActs } from "./maintenance-acts.tsx";
import { Ahead, beganAt } from "./maintenance-list.tsx";
import { MaintenanceTag } from "./maintenance-tag.tsx";
import { WindowText } from "./window-text.tsx";

/** What takes longer has met trouble, and is tried again at longer pauses. */
const NEWS_MS = 2 * 60_000;

type Props = { maintenance: MaintenanceView; canChange: boolean };

/** One maintenance: when it is, what it touches, what was said, and what can be done now. */
export function MaintenanceDetail({ maintenance, canChange }: Props) {
  const { status, title, from, until, updates, nextReminderAt } = maintenance;
  const verifyAt = new Date(Date.parse(until) - maintenance.verifyMinutes * 60_000).toISOString();
  const due = status === "scheduled" ? [from, ...(nextReminderAt ? [nextReminderAt] : [])] : [until];
  useRefreshAt(isEnded(status) ? [] : status === "in_progress" ? [verifyAt] : due);
  useArrivals(updates[0]);
  return (
    <div className="flex flex-col gap-5">
      <header className="flex flex-col gap-2">
        <div className="flex flex-wrap items-center gap-2">
          <h1 className="text-xl font-semibold tracking-tight wrap-anywhere">{title}</h1>
          <MaintenanceTag status={status} />
        </div>
        <p className="text-s text-muted">
          <Ahead maintenance={maintenance} />
          <WindowText from={beganAt(maintenance)} until={until} />
        </p>
      </header>
      {canChange && !isEnded(status) && <MaintenanceActs maintenance={maintenance} />}
      <Failures maintenance={maintenance} canChange={canChange} />
      <Facts maintenance={maintenance} />
      <Subsection title="What was said">
        <Rows label="Updates of this maintenance">
          {updates.map((update) => (
            <Said key={update.id} update={update} id={maintenance.id} canChange={canChange} />
          ))}
        </Rows>
      </Subsection>
    </div>
  );
}

/** What is on its way is looked for until it arrived, as long as that may be soon. */
function useArrivals(newest: MaintenanceUpdateView | undefined): void {
  const isWaiting = newest?.deliverySummary.some(({ waiting }) => waiting > 0) ?? false;
  const isNews = newest !== undefined && serverNow() - Date.parse(newest.publishedAt) < NEWS_MS;
  useRefreshAt(isWaiting && isNews ? [newest.publishedAt] : []);
}

function Failures({ maintenance: { id, failures }, canChange }: Props) {
  const refreshed = useRefreshed();
  if (failures.length === 0) return null;
  return (
    <Banner tone="bad" title="Not everybody was reached.">
      <ul className="mt-1 flex flex-col gap-1">
        {failures.map((failure) => (
          <li key={failure.id} className="flex flex-wrap items-center gap-x-2">
            <span className="wrap-anywhere">
              {failure.destination}: {failure.reason}
            </span>
            {canChange && (
              <ActButton
                label="Send again"
                name={`Send again to ${failure.destination}`}
                act={() =>
                  refreshed(api.post(`/api/v1/maintenances/${id}/deliveries/${failure.id}/retry`), "On its way.")
                }
              />
            )}
          </li>
        ))}
      </ul>
    </Banner>
  );
}

const reminderWords = (minutes: number) =>
  minutes % 1440 === 0 ? `${minutes / 1440} d` : minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`;

function Facts({ maintenance }: { maintenance: MaintenanceView }) {
  const { components, muteServices, reminders, nextReminderAt, channels, createdBy, createdAt, url, verifyMinutes } =
    maintenance;
  const facts: { name: string; value: React.ReactNode }[] = [
    { name: "Components", value: components.map(({ name }) => name).join(", ") || "None" },
    {
      name: "Heard by",
      value: ["status page", ...channels.map((one) => (one === "email" ? "e-mail" : "Slack"))].join(", "),
    },
    {
      name: "Reminders",
      value: (
        <>
          {reminders.map(reminderWords).join(" and ") || "None"}
          {reminders.length > 0 && " before"}
          {nextReminderAt && (
            <>
              {", the next at "}
              <Time at={nextReminderAt} format="day-time" />
            </>
          )}
        </>
      ),
    },
    ...(verifyMinutes > 0 ? [{ name: "Verifying", value: `the last ${verifyMinutes} min` }] : []),
    ...(muteServices.length > 0
      ? [{ name: "Alerts muted", value: muteServices.map(({ name }) => name).join(", ") }]
      : []),
    {
      name: "Public page",
      value: (
        <a href={url} className="inline-block min-h-6 text-accent underline wrap-anywhere">
          {url}
        </a>
      ),
    },
    {
      name: "Scheduled",
      value: (
        <>
          by {createdBy.name}, <Time at={createdAt} format="day-time" />
        </>
      ),
    },
  ];
  return (
    <dl className="grid gap-x-6 gap-y-1 text-s sm:grid-cols-[auto_minmax(0,1fr)]">
      {facts.map(({ name, value }) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd className="max-sm:mb-2">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

const channelWords: Record<string, string> = { status_page: "page", slack: "Slack", email: "e-mail" };

/** `e-mail 12 of 14`; without the count where all of it arrived, or nothing yet. */
function reached({ channel, sent, waiting, total }: MaintenanceUpdateView["deliverySummary"][number]): string {
  const word = channelWords[channel] ?? channel;
  if (waiting === total) return `${word} on its way`;
  if (sent < total) return `${word} ${sent} of ${total}`;
  return channel === "email" ? `${word} ${total} ✓` : `${word} ✓`;
}

type SaidProps = { update: MaintenanceUpdateView; id: string; canChange: boolean };

function Said({ update, id, canChange }: SaidProps) {
  const refreshed = useRefreshed();
  const path = `/api/v1/maintenances/${id}/updates/${update.id}`;
  return (
    <Row
      title={maintenanceStatusWords[update.status]}
      tags={update.correctedAt && <Tag>corrected</Tag>}
      facts={
        <>
          <p className="text-m text-text whitespace-pre-line wrap-anywhere">{update.body}</p>
          <p>
            <Time at={update.publishedAt} format="day-time" /> · {update.publishedBy.name}
            {update.deliverySummary.map((one) => ` · ${reached(one)}`)}
            {!update.notified && " · on the page only"}
          </p>
        </>
      }
      acts={
        canChange && (
          <FormDialog
            label="Correct"
            title={`Correct ${maintenanceStatusWords[update.status]}`}
            size="s"
            variant="quiet"
            onSubmit={(form) => refreshed(api.patch(path, { body: textIn(form, "body") }), "Corrected.")}
          >
            {(problem) => (
              <TextArea
                label="Text"
                name="body"
                defaultValue={update.body}
                maxLength={MAINTENANCE_BODY_LENGTH_MAX}
                hint="The page and feeds mark it as corrected, Slack is edited in place, and no mail goes again."
                error={fieldProblem(problem, "/body")}
                required
              />
            )}
          </FormDialog>
        )
      }
    />
  );
}
