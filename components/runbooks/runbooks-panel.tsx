"use client";

import { useState } from "react";
import { useRoom } from "#/components/realtime/room/room-provider.tsx";
import { Panel } from "#/components/room/panel.tsx";
import { Button } from "#/components/ui/button.tsx";
import type { RunbookView } from "#/server/runbooks/contract.ts";
import { MakeTasks } from "./make-tasks.tsx";
import { OutsideLink } from "./outside-link.tsx";
import { RunbookDialog } from "./runbook-dialog.tsx";
import { useRunbooks } from "./use-runbooks.ts";

/** Whose it is, after its title. */
const fromWords = { service: "of the service", alert: "of the alert", incident: "of the incident" } as const;

/** The runbooks of the incident's services and alerts; nothing while there is none. */
export function RunbooksPanel({ className }: { className?: string | undefined }) {
  const { room } = useRoom();
  const { runbooks, problem, readAgain } = useRunbooks(room);
  const [openId, setOpenId] = useState<string | null>(null);
  const open = runbooks.find(({ id }) => id === openId);
  if (runbooks.length === 0 && !problem) return null;
  return (
    <Panel name="Runbooks" className={className}>
      {problem && (
        <p className="mb-2 text-s text-bad">
          {problem}{" "}
          <Button size="s" className="max-[900px]:min-h-11" onClick={readAgain}>
            Try again
          </Button>
        </p>
      )}
      <ul>
        {runbooks.map((runbook) => (
          <RunbookRow
            key={runbook.id}
            incidentId={room.incident.id}
            runbook={runbook}
            onOpen={() => setOpenId(runbook.id)}
          />
        ))}
      </ul>
      {open && <RunbookDialog incidentId={room.incident.id} runbook={open} onClose={() => setOpenId(null)} />}
    </Panel>
  );
}

type RowProps = { incidentId: string; runbook: RunbookView; onOpen: () => void };

function RunbookRow({ incidentId, runbook, onOpen }: RowProps) {
  const { title, url, hasText, from } = runbook;
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-2 border-b border-line py-1.5 text-s">
      <span className="min-w-0">
        {hasText ? (
          <button
            type="button"
            onClick={onOpen}
            className="min-h-6 text-left text-accent underline wrap-anywhere max-[900px]:min-h-11"
          >
            {title}
          </button>
        ) : (
          url && <OutsideLink url={url} name={title} />
        )}
        <span className="text-xs text-muted"> {fromWords[from.kind]}</span>
      </span>
      <MakeTasks incidentId={incidentId} runbook={runbook} />
    </li>
  );
}
