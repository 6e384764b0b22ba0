"use client";

import { api } from "#/components/api/client.ts";
import { sourceWord } from "#/components/incidents/words.ts";
import { useMe, useRoom } from "#/components/realtime/room/room-provider.tsx";
import { Button } from "#/components/ui/button.tsx";
import { cx } from "#/components/ui/cx.ts";
import { Tag } from "#/components/ui/tag.tsx";
import { Time } from "#/components/ui/time.tsx";
import type { AlertView } from "#/server/alerts/contract.ts";
import type { AlertSeverity, AlertStatus } from "#/server/alerts/shared/lists.ts";
import { AlertLinks, FetchedDetails } from "./alert-details.tsx";
import { Panel } from "./panel.tsx";
import { useAct } from "./use-act.ts";

const ranks: Record<AlertStatus, number> = { firing: 0, acknowledged: 1, suppressed: 2, resolved: 3 };

/** The alerts of the incident, the firing ones first. */
export function AlertsPanel({ className }: { className?: string | undefined }) {
  const { alerts } = useRoom().room;
  const firing = alerts.filter((alert) => alert.status === "firing").length;
  const folded = alerts.reduce((sum, alert) => sum + alert.count, 0) - alerts.length;
  const shown = [...alerts].sort(
    (a, b) => ranks[a.status] - ranks[b.status] || Date.parse(b.lastAt) - Date.parse(a.lastAt),
  );
  const count = `${firing} firing${folded > 0 ? ` · ${folded} folded` : ""}`;
  return (
    <Panel name="Alerts" className={className} count={alerts.length > 0 ? count : undefined}>
      {shown.length === 0 && <p className="text-s text-faint">No alerts</p>}
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
      <p className="wrap-anywhere">
        <b className="font-[550] text-text">Why it is here:</b> {alert.explanation.text}{" "}
        <Tag>{alert.explanation.rule}</Tag>
      </p>
      <p>
        {alert.severity} · from {sourceWord(alert.source)} · first at <Time at={alert.firstAt} format="seconds" />
        {!alert.recognised && " · not recognised"}
      </p>
      <AlertLinks links={alert.links} />
      {alert.details && <FetchedDetails details={alert.details} source={alert.source} />}
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
