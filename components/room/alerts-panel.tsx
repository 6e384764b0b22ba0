"use client";

import Link from "next/link";
import { AlertLinks, FetchedDetails } from "#/components/alerts/alert-details.tsx";
import { AlertTags } from "#/components/alerts/alert-tags.tsx";
import { PlaceActs } from "#/components/alerts/place-acts.tsx";
import { WhyHere } from "#/components/alerts/why-here.tsx";
import { api } from "#/components/api/client.ts";
import { useMe, useRoom } from "#/components/realtime/room/room-provider.tsx";
import { Button } from "#/components/ui/button.tsx";
import { cx } from "#/components/ui/cx.ts";
import { Time } from "#/components/ui/time.tsx";
import type { AlertView } from "#/server/alerts/contract.ts";
import type { AlertSeverity, AlertStatus } from "#/server/alerts/shared/lists.ts";
import { Panel } from "./panel.tsx";
import { useAct } from "./use-act.ts";

const ranks: Record<AlertStatus, number> = { firing: 0, acknowledged: 1, suppressed: 2, resolved: 3 };

/** The alerts of the incident, the firing ones first. */
export function AlertsPanel({ className }: { className?: string | undefined }) {
  const { alerts, held } = useRoom().room;
  const firing = alerts.filter((alert) => alert.status === "firing").length;
  const folded = alerts.reduce((sum, alert) => sum + alert.count, 0) - alerts.length;
  const shown = [...alerts].sort(
    (a, b) => ranks[a.status] - ranks[b.status] || Date.parse(b.lastAt) - Date.parse(a.lastAt),
  );
  const count = `${firing} firing${folded > 0 ? ` · ${folded} folded` : ""}`;
  return (
    <Panel name="Alerts" className={className} count={alerts.length > 0 ? count : undefined}>
      {held.length > 0 && <HeldAlerts held={held} />}
      {shown.length + held.length === 0 && <p className="text-s text-faint">No alerts</p>}
      <ul>
        {shown.map((alert) => (
          <AlertRow key={alert.id} alert={alert} />
        ))}
      </ul>
    </Panel>
  );
}

const signs: Record<AlertSeverity, { sign: string; colour: string }> = {
  critical: { sign: "◆", colour: "text-bad" },
  error: { sign: "◆", colour: "text-bad" },
  warning: { sign: "▲", colour: "text-warn" },
  info: { sign: "○", colour: "text-muted" },
};

function AlertRow({ alert }: { alert: AlertView }) {
  const isOver = alert.status === "resolved";
  const { sign, colour } = isOver ? { sign: "●", colour: "text-ok" } : signs[alert.severity];
  return (
    <li className="border-b border-line text-s">
      <details className="group">
        <summary className="grid list-none grid-cols-[14px_minmax(0,1fr)_auto] items-baseline gap-2 py-1.5 max-[900px]:min-h-11 max-[900px]:items-center [&::-webkit-details-marker]:hidden">
          <span aria-hidden="true" className={cx("text-[11px]", colour)}>
            {sign}
          </span>
          <span className="min-w-0 wrap-anywhere">
            <b className="font-[550]">{alert.title}</b>{" "}
            <span className="text-muted">
              {alert.count > 1 && `×${alert.count} `}
              {[alert.service, alert.status === "firing" ? "" : alert.status].filter(Boolean).join(" · ")}
            </span>
            <span className="sr-only">
              , {alert.severity}, {alert.status}
            </span>
            <span className="flex flex-wrap gap-1 empty:hidden">
              <AlertTags alert={alert} />
            </span>
          </span>
          <Time at={alert.lastAt} className="text-xs text-muted" />
        </summary>
        <AlertDetails alert={alert} />
      </details>
    </li>
  );
}

function AlertDetails({ alert }: { alert: AlertView }) {
  const { canWrite } = useMe();
  const { act, isPending } = useAct();
  const post = (what: string) => void act(() => api.post(`/api/v1/alerts/${alert.id}/${what}`));
  return (
    <div className="flex flex-col gap-2 pb-3 pl-[22px] text-muted">
      {alert.description && <p className="whitespace-pre-wrap wrap-anywhere">{alert.description}</p>}
      <section aria-label="Why it is here">
        <h3 className="mb-1 font-[550] text-text">Why it is here</h3>
        <WhyHere alert={alert} canReadRoutes={canWrite} />
      </section>
      <p>
        {alert.severity} · from {alert.sourceName} · first at <Time at={alert.firstAt} format="seconds" />
      </p>
      <AlertLinks links={alert.links} />
      {alert.details && <FetchedDetails details={alert.details} source={alert.source} />}
      <Link
        href={`/alerts/${alert.id}`}
        prefetch={false}
        className="inline-flex min-h-6 items-center self-start text-accent underline max-[900px]:min-h-11"
      >
        All about this alert
      </Link>
      {canWrite && alert.status !== "resolved" && (
        <div className="flex gap-2 max-[900px]:*:min-h-11">
          {alert.status === "firing" && (
            <Button size="s" isPending={isPending} onClick={() => post("ack")}>
              Acknowledge
            </Button>
          )}
          <Button size="s" isPending={isPending} onClick={() => post("resolve")}>
            Resolve alert
          </Button>
        </div>
      )}
    </div>
  );
}

/** What fired again after the end: somebody chooses where it goes. For the first the banner of the room asks. */
function HeldAlerts({ held }: { held: readonly AlertView[] }) {
  const { canWrite } = useMe();
  return (
    <section aria-label="Held alerts" className="mb-3 rounded-md border border-warn/40 bg-warn-bg p-3 text-s">
      <h3 className="mb-1 font-semibold">Fired again after the end</h3>
      <ul className="flex flex-col gap-3">
        {held.map((alert, index) => (
          <li key={alert.id} className="flex min-w-0 flex-col gap-1.5">
            <Link href={`/alerts/${alert.id}`} prefetch={false} className="min-h-6 font-[550] wrap-anywhere underline">
              {alert.title}
            </Link>
            <p className="text-muted wrap-anywhere">{alert.explanation.text}</p>
            {canWrite && index > 0 && <PlaceActs alert={alert} />}
          </li>
        ))}
      </ul>
    </section>
  );
}
