"use client";

import { useMe, useRoom } from "#/components/realtime/room/room-provider.tsx";
import { Banner } from "#/components/ui/banner.tsx";
import { Button } from "#/components/ui/button.tsx";
import { useNow } from "#/components/ui/clock.tsx";
import { Countdown } from "#/components/ui/time.tsx";
import { isOpen } from "#/server/incidents/shared/lists.ts";
import { DUE_SOON_MS } from "#/server/updates/shared/cadence.ts";

/** Shortly before people were to hear again, and as long as they wait: red once it is late. The first word has a banner of its own. */
export function UpdateDueBanner({ onPublish }: { onPublish: () => void }) {
  const { incident, updates, planned } = useRoom().room;
  const { canWrite } = useMe();
  const now = useNow();
  const due = incident.nextUpdateDueAt;
  if (!due || !isOpen(incident.status) || updates.length === 0) return null;
  const left = Date.parse(due) - now;
  if (left > DUE_SOON_MS) return null;
  const isLate = left < 0;
  const waiting = planned.find(
    ({ kind, state }) => kind === "update" && (state === "waiting" || state === "scheduled"),
  );
  return (
    <Banner tone={isLate ? "bad" : "warn"} title={isLate ? "The next update is due." : "The next update is due soon."}>
      <span className="mr-2">
        {isLate ? "People wait for it: " : "People hear again in "}
        <Countdown at={due} className="font-mono font-semibold" lateClassName="font-semibold text-bad" />.
        {waiting && (waiting.state === "waiting" ? " One waits for approval." : " One is scheduled.")}
      </span>
      {canWrite && !waiting && (
        <Button
          size="s"
          className="-my-1 max-[900px]:my-0 max-[900px]:mt-2 max-[900px]:min-h-11 max-[900px]:w-full"
          onClick={onPublish}
        >
          Write update
        </Button>
      )}
    </Banner>
  );
}
