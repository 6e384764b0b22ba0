"use client";

import { useSharedDocument } from "#/components/realtime/documents/use-shared-document.ts";
import { useMe, useRoom } from "#/components/realtime/room/room-provider.tsx";
import { useTextOf, useWriters, writersText } from "#/components/realtime/room/shared-text.ts";
import { Panel } from "#/components/room/panel.tsx";
import { ToldList } from "#/components/room/told-list.tsx";
import { Button } from "#/components/ui/button.tsx";
import { onDemand } from "#/components/ui/on-demand.tsx";
import { isOpen } from "#/server/incidents/shared/lists.ts";
import { UpdateCard } from "./update-card.tsx";

const PlannedList = onDemand(async () => (await import("./approval-list.tsx")).PlannedList);

type Props = { className?: string | undefined; onPublish: () => void; onResolve: () => void };

/** What stakeholders were told, newest first, and the draft of what they hear next. */
export function UpdatesPanel({ className, onPublish, onResolve }: Props) {
  const { incident, updates, planned } = useRoom().room;
  const { canWrite } = useMe();
  const newestFirst = [...updates].sort((a, b) => Date.parse(b.publishedAt) - Date.parse(a.publishedAt));
  const isActive = isOpen(incident.status) && incident.status !== "triage";
  return (
    <Panel name="Updates" className={className} count={updates.length > 0 ? updates.length : undefined}>
      {canWrite && <Draft incidentId={incident.id} />}
      {canWrite && (
        <>
          <Button className="mb-3 w-full max-[900px]:hidden" onClick={onPublish}>
            Open composer
          </Button>
          <div className="mb-3 flex gap-2 *:min-h-11 *:grow min-[901px]:hidden">
            {isActive && <Button onClick={onResolve}>Resolve</Button>}
            <Button variant="primary" onClick={onPublish}>
              Publish update
            </Button>
          </div>
        </>
      )}
      {planned.length > 0 && <PlannedList />}
      {updates.length === 0 && <p className="text-s text-faint">Nothing was published yet</p>}
      <ul>
        {newestFirst.map((update) => (
          <UpdateCard key={update.id} incidentId={incident.id} update={update} />
        ))}
      </ul>
      <ToldList />
    </Panel>
  );
}

/** What is being written, for everyone to see before it goes out. */
function Draft({ incidentId }: { incidentId: string }) {
  const document = useSharedDocument(`incidents/${incidentId}/update`);
  const text = useTextOf(document?.doc.getText("text") ?? null);
  const writers = useWriters(document?.awareness ?? null).get("text") ?? [];
  if (text.trim() === "" && writers.length === 0) return null;
  return (
    <div className="mb-2 rounded-md border border-dashed border-line-strong p-3 text-s">
      <header className="mb-1 flex items-baseline justify-between gap-2">
        <b className="font-semibold">Draft</b>
        <span className="text-xs text-muted">{writersText(writers, "writing")}</span>
      </header>
      <p className="line-clamp-6 whitespace-pre-wrap text-muted wrap-anywhere">{text}</p>
    </div>
  );
}
