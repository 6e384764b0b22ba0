"use client";

import Link from "next/link";
import { spanInWords } from "#/components/mutes/mute-form.ts";
import { Row, Rows } from "#/components/settings/rows.tsx";
import { Subsection } from "#/components/settings/section-page.tsx";
import { ButtonLink } from "#/components/ui/button.tsx";
import { useNow } from "#/components/ui/clock.tsx";
import { EmptyState } from "#/components/ui/empty-state.tsx";
import { useRefreshAt } from "#/components/ui/use-refresh-at.ts";
import type { MaintenanceSummary } from "#/server/maintenance/contract.ts";
import { MaintenanceTag } from "./maintenance-tag.tsx";
import { WindowText } from "./window-text.tsx";

type List = readonly MaintenanceSummary[];
type Props = { running: List; upcoming: List; ended: List; canChange: boolean };

/** Goes to the form of a new one. */
export function NewMaintenance() {
  return (
    <ButtonLink href="/maintenance/new" variant="primary">
      Schedule maintenance
    </ButtonLink>
  );
}

/** What is on, what comes, and what was. */
export function MaintenanceList({ running, upcoming, ended, canChange }: Props) {
  useRefreshAt([...running.map(({ until }) => until), ...upcoming.map(({ from }) => from)]);
  if (running.length + upcoming.length + ended.length === 0) {
    return (
      <EmptyState title="No maintenance is planned" action={canChange && <NewMaintenance />}>
        Tell people of planned work before it begins: it is announced on the status page and by mail, reminded of, and
        starts and ends by itself. Meanwhile the components that it touches are shown as under maintenance.
      </EmptyState>
    );
  }
  return (
    <div className="flex flex-col gap-4">
      {running.length > 0 && <Part title="In progress" list={running} />}
      <Part title="Scheduled" list={upcoming} isEmptyMeans="Nothing is planned." />
      {ended.length > 0 && <Part title="Over" list={ended} />}
    </div>
  );
}

type PartProps = { title: string; list: List; isEmptyMeans?: string };

function Part({ title, list, isEmptyMeans }: PartProps) {
  return (
    <Subsection title={title}>
      {list.length === 0 ? (
        <p className="border-t border-line py-3 text-muted">{isEmptyMeans}</p>
      ) : (
        <Rows label={`${title} maintenance`}>
          {list.map((each) => (
            <Row
              key={each.id}
              title={
                <Link href={`/maintenance/${each.id}`} className="inline-block min-h-6 hover:underline">
                  {each.title}
                </Link>
              }
              tags={<MaintenanceTag status={each.status} />}
              facts={<Facts maintenance={each} />}
            />
          ))}
        </Rows>
      )}
    </Subsection>
  );
}

function Facts({ maintenance }: { maintenance: MaintenanceSummary }) {
  const { until, components, muteServices } = maintenance;
  return (
    <>
      <p>
        <Ahead maintenance={maintenance} />
        <WindowText from={beganAt(maintenance)} until={until} />
      </p>
      {(components.length > 0 || muteServices.length > 0) && (
        <p>
          {components.map(({ name }) => name).join(", ")}
          {components.length > 0 && muteServices.length > 0 && " · "}
          {muteServices.length > 0 && `alerts of ${muteServices.map(({ name }) => name).join(", ")} are quiet`}
        </p>
      )}
    </>
  );
}

/** When it begins, or began where somebody started it early. Pure. */
export function beganAt({ from, startedAt }: Pick<MaintenanceSummary, "from" | "startedAt">): string {
  return startedAt !== null && startedAt < from ? startedAt : from;
}

/** Until it begins or ends; nothing once it is over. */
export function Ahead({ maintenance: { status, from, until } }: { maintenance: MaintenanceSummary }) {
  const now = useNow();
  if (status === "completed" || status === "cancelled") return null;
  const isScheduled = status === "scheduled";
  const leftMs = Date.parse(isScheduled ? from : until) - now;
  const words =
    leftMs > 0
      ? `${isScheduled ? "begins" : "ends"} in ${spanInWords(leftMs)}`
      : isScheduled
        ? "begins now"
        : "ends now";
  return <span className="font-[550] text-text tabular-nums">{words} · </span>;
}
