"use client";

import Link from "next/link";
import { type KeyboardEvent, useEffect, useState } from "react";
import { api } from "#/components/api/client.ts";
import { Button } from "#/components/ui/button.tsx";
import { Kbd } from "#/components/ui/kbd.tsx";
import { Tag } from "#/components/ui/tag.tsx";
import { Duration } from "#/components/ui/time.tsx";
import type { AlertView } from "#/server/alerts/contract.ts";
import type { IncidentView } from "#/server/incidents/contract.ts";
import { AcceptButton, useAccept } from "./accept-button.tsx";
import { DeclineDialog } from "./decline-dialog.tsx";
import { MergeDialog } from "./merge-dialog.tsx";
import { SeverityMark } from "./severity.tsx";
import { counted, sourceWord } from "./words.ts";

type Decision = "merge" | "decline";
const keys: Record<string, Decision> = { m: "merge", d: "decline" };

type Props = {
  incident: IncidentView;
  /** Its alerts as the server rendered them; left out, the card asks for them. */
  alerts?: readonly AlertView[] | undefined;
  canDecide: boolean;
};

/** The newest alerts of an incident; asked for again when there are more of them. */
function useAlerts(incident: IncidentView, initial: readonly AlertView[] | undefined): readonly AlertView[] {
  const [alerts, setAlerts] = useState(initial ?? []);
  const { id, alertCounts } = incident;
  const isBehind = alerts.length < Math.min(alertCounts.total, 50);
  useEffect(() => {
    if (!isBehind) return;
    let isGone = false;
    // Without them the card still names the incident and its decisions.
    api
      .get<{ items: AlertView[] }>(`/api/v1/incidents/${id}/alerts`)
      .then((page) => !isGone && setAlerts(page.items))
      .catch(() => undefined);
    return () => {
      isGone = true;
    };
  }, [id, isBehind]);
  return alerts;
}

/** An incident that waits for a decision: why it is here, and three buttons with their keys. */
export function TriageCard({ incident, alerts: initial, canDecide }: Props) {
  const alerts = useAlerts(incident, initial);
  const [decision, setDecision] = useState<Decision | null>(null);
  const close = () => setDecision(null);
  const { accept } = useAccept(incident);

  function press(event: KeyboardEvent): void {
    if (!canDecide || decision || event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    const chosen = keys[key];
    if (chosen) setDecision(chosen);
    else if (key === "a") void accept();
    else return;
    event.preventDefault();
  }

  return (
    <article
      aria-label={incident.title}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the card takes the keys A, M and D while it has focus.
      tabIndex={0}
      onKeyDown={press}
      className="flex items-center gap-x-5 gap-y-3 rounded-lg border border-warn/40 bg-panel px-4 py-3.5 focus:border-accent max-lg:flex-col max-lg:items-stretch"
    >
      <div className="min-w-0 grow">
        <h3 className="text-[15px] font-semibold break-words">
          <Link href={`/incidents/${incident.reference}`} className="hover:underline">
            {incident.title}
          </Link>
        </h3>
        <TriageFacts incident={incident} alerts={alerts} />
      </div>
      {canDecide && <Decisions incident={incident} onDecide={setDecision} />}
      <MergeDialog incident={incident} isOpen={decision === "merge"} onClose={close} />
      <DeclineDialog incident={incident} isOpen={decision === "decline"} onClose={close} />
    </article>
  );
}

type DecisionsProps = { incident: IncidentView; onDecide: (decision: Decision) => void };

function Decisions({ incident, onDecide }: DecisionsProps) {
  const phone = "max-md:min-h-11 max-md:grow";
  return (
    <div className="flex shrink-0 flex-wrap items-center gap-2">
      <AcceptButton incident={incident} size="s" shortcut="A" className={phone} />
      <Button size="s" aria-keyshortcuts="M" className={phone} onClick={() => onDecide("merge")}>
        Merge <Kbd>M</Kbd>
      </Button>
      <Button size="s" aria-keyshortcuts="D" className={phone} onClick={() => onDecide("decline")}>
        Decline <Kbd>D</Kbd>
      </Button>
    </div>
  );
}

function TriageFacts({ incident, alerts }: { incident: IncidentView; alerts: readonly AlertView[] }) {
  const from = [...new Set(alerts.map((alert) => sourceWord(alert.source)))].join(", ");
  const services = incident.services.map((service) => service.name).join(", ");
  const first = alerts.toSorted((a, b) => a.explanation.at.localeCompare(b.explanation.at))[0];
  return (
    <div className="mt-0.5 flex flex-col gap-0.5 text-[13px] text-muted">
      <p className="flex flex-wrap items-center gap-x-2">
        <span className="font-mono text-xs">{incident.reference}</span>
        <SeverityMark severity={incident.severity ?? incident.suggestedSeverity} />
        {!incident.severity && incident.suggestedSeverity && <span>suggested</span>}
        {incident.mode === "drill" && <Tag tone="warn">Drill</Tag>}
        {incident.visibility === "private" && <Tag>Private</Tag>}
        <span>
          {counted(incident.alertCounts.total, "alert")}
          {from && ` from ${from}`}
          {services && ` · ${services}`} · opened <Duration from={incident.declaredAt} /> ago
        </span>
      </p>
      {first && <p className="break-words">{first.explanation.text}</p>}
    </div>
  );
}
