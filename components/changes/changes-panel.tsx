"use client";

import Link from "next/link";
import { useState } from "react";
import { api } from "#/components/api/client.ts";
import { useMe, useRoom } from "#/components/realtime/room/room-provider.tsx";
import { incidentPath } from "#/components/room/incident-path.ts";
import { Panel } from "#/components/room/panel.tsx";
import { useAct } from "#/components/room/use-act.ts";
import { Button } from "#/components/ui/button.tsx";
import { cx } from "#/components/ui/cx.ts";
import { Tag } from "#/components/ui/tag.tsx";
import { Time } from "#/components/ui/time.tsx";
import type { IncidentChangesView, IncidentChangeView } from "#/server/changes/contract.ts";

/** The likeliest few, and every suspect; the tasks below stay in sight. */
const SHOWN_FIRST = 3;

/** What was deployed or altered around the start of the impact, the likeliest first. */
export function ChangesPanel({ className }: { className?: string | undefined }) {
  const { incident, changes } = useRoom().room;
  const [isLong, setLong] = useState(false);
  if (changes.items.length === 0) {
    return <NoChanges className={className} changes={changes} hasServices={incident.services.length > 0} />;
  }
  const shown = changes.items.filter((change, place) => isLong || place < SHOWN_FIRST || change.isSuspect);
  const left = changes.items.length - shown.length;
  return (
    <Panel name="What changed?" className={className} count={changes.items.length}>
      <ul>
        {shown.map((change) => (
          <ChangeRow key={change.id} incidentId={incident.id} change={change} />
        ))}
      </ul>
      {left > 0 && (
        <Button size="s" variant="quiet" className="mt-1 max-[900px]:min-h-11" onClick={() => setLong(true)}>
          Show {left} more
        </Button>
      )}
    </Panel>
  );
}

type NoneProps = { className?: string | undefined; changes: IncidentChangesView; hasServices: boolean };

/** One line, and what to do next when it is opened. */
function NoChanges({ className, changes, hasServices }: NoneProps) {
  return (
    <section aria-label="What changed?" className={cx("mb-6 text-s", className)}>
      <details>
        <summary className="flex min-h-7 cursor-pointer items-center gap-2 max-[900px]:min-h-11">
          <h2 className="text-xs font-semibold tracking-[0.06em] text-muted uppercase">What changed?</h2>
          <span className="text-xs text-faint">nothing known</span>
        </summary>
        <p className="pb-1 text-muted">
          {hasServices ? (
            <>
              Nobody told of a change of the affected services or their neighbours between{" "}
              <Time at={changes.from} format="day-time" /> and <Time at={changes.to} format="day-time" />.{" "}
              <Link href="/settings/integrations" className="text-accent underline">
                Connect your deployments
              </Link>{" "}
              so that they show here.
            </>
          ) : (
            "Name the affected services on the status board: what changed on them and their neighbours shows here."
          )}
        </p>
      </details>
    </section>
  );
}

const stateTones = { failed: "bad", started: "warn" } as const;

type RowProps = { incidentId: string; change: IncidentChangeView };

function ChangeRow({ incidentId, change }: RowProps) {
  const { title, kind, state, by, links, at, reason, isLikely, isSuspect } = change;
  return (
    <li className={cx("border-b border-line py-1.5 text-s", isLikely && "border-l-2 border-l-warn pl-2")}>
      <div className="flex items-baseline gap-2">
        <span className="min-w-0 grow wrap-anywhere">
          {isLikely && (
            <>
              <Tag tone="warn">Most likely</Tag>{" "}
            </>
          )}
          <b className="font-[550]">{title}</b>{" "}
          <Tag tone={state === "failed" || state === "started" ? stateTones[state] : "plain"}>
            {[kind, state === "succeeded" ? "" : state].filter(Boolean).join(" ")}
          </Tag>
        </span>
        <Time at={at} className="shrink-0 text-xs text-muted" />
      </div>
      <p className="text-muted wrap-anywhere">
        {reason}
        {by && `, by ${by}`}
      </p>
      <div className="flex flex-wrap items-center gap-x-3">
        {links.map((link) => (
          <a
            key={link.url}
            href={link.url}
            target="_blank"
            rel="noopener noreferrer nofollow"
            className="inline-flex min-h-6 items-center text-accent underline wrap-anywhere max-[900px]:min-h-11"
          >
            {link.title || (link.kind === "link" ? "Open" : link.kind)}
          </a>
        ))}
        <Suspect incidentId={incidentId} changeId={change.id} title={title} isSuspect={isSuspect} />
      </div>
    </li>
  );
}

type SuspectProps = { incidentId: string; changeId: string; title: string; isSuspect: boolean };

/** Attaches the change to the timeline, and takes it back. */
function Suspect({ incidentId, changeId, title, isSuspect }: SuspectProps) {
  const { canWrite } = useMe();
  const { act, isPending } = useAct();
  const path = incidentPath(incidentId, "changes", changeId, "suspect");
  if (!canWrite) return isSuspect && <Tag tone="warn">Suspect</Tag>;
  return (
    <span className="ml-auto flex items-center gap-2">
      {isSuspect && <Tag tone="warn">Suspect</Tag>}
      <Button
        size="s"
        variant="quiet"
        className="max-[900px]:min-h-11"
        isPending={isPending}
        aria-label={isSuspect ? `Not suspect any more: ${title}` : `Suspect: ${title}`}
        onClick={() => void act(() => (isSuspect ? api.delete(path) : api.put(path)))}
      >
        {isSuspect ? "Take back" : "Suspect"}
      </Button>
    </span>
  );
}
