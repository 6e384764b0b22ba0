"use client";

import { useState } from "react";
import { AcceptButton } from "#/components/incidents/accept-button.tsx";
import { SeverityMark } from "#/components/incidents/severity.tsx";
import { useDecisionKeys } from "#/components/incidents/use-triage-keys.ts";
import { useMe, useRoom } from "#/components/realtime/room/room-provider.tsx";
import { Button } from "#/components/ui/button.tsx";
import { onDemand } from "#/components/ui/on-demand.tsx";
import { severityMeanings } from "#/server/incidents/shared/lists.ts";

const DeclineDialog = onDemand(async () => (await import("#/components/incidents/decline-dialog.tsx")).DeclineDialog);
const MergeDialog = onDemand(async () => (await import("#/components/incidents/merge-dialog.tsx")).MergeDialog);

type Decision = "decline" | "merge";

/** While nobody has decided: why this is here, how bad it may be, and the three decisions. */
export function TriageBanner() {
  const { incident, alerts } = useRoom().room;
  const { canWrite } = useMe();
  const [decision, setDecision] = useState<Decision | null>(null);
  const close = () => setDecision(null);
  useDecisionKeys(canWrite && decision === null, setDecision);
  const severity = incident.severity ?? incident.suggestedSeverity;
  const because = alerts[0]?.explanation.text;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-md border border-warn/40 bg-warn-bg px-3 py-2 text-s">
      <div className="min-w-0 grow basis-72">
        <p>
          <b className="mr-1 font-semibold">
            <span aria-hidden="true">◇ </span>In triage.
          </b>
          Is this an incident? {because && <span className="text-muted wrap-anywhere">{because}</span>}
        </p>
        {severity && (
          <p className="flex flex-wrap items-baseline gap-x-2">
            <span className="text-muted">Suggested</span>
            <SeverityMark severity={severity} />
            <span className="text-muted">{severityMeanings[severity].meaning}</span>
          </p>
        )}
      </div>
      {canWrite && (
        <div className="flex flex-wrap gap-2 max-[900px]:w-full max-[900px]:*:min-h-11 max-[900px]:*:grow">
          <AcceptButton incident={incident} />
          <Button aria-keyshortcuts="M" onClick={() => setDecision("merge")}>
            Merge
          </Button>
          <Button aria-keyshortcuts="D" onClick={() => setDecision("decline")}>
            Decline
          </Button>
        </div>
      )}
      {decision === "merge" && <MergeDialog incident={incident} isOpen onClose={close} />}
      {decision === "decline" && <DeclineDialog incident={incident} isOpen onClose={close} />}
    </div>
  );
}
