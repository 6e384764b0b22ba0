"use client";

import { useState } from "react";
import { useMe, useRoom } from "#/components/realtime/room/room-provider.tsx";
import { Banner } from "#/components/ui/banner.tsx";
import { Button } from "#/components/ui/button.tsx";
import { useNow } from "#/components/ui/clock.tsx";
import { Countdown } from "#/components/ui/time.tsx";
import { isClocked } from "#/server/updates/shared/cadence.ts";

/** Until the first update is out: how long people wait for a word, and the word itself by one press. */
export function HoldingBanner({ onHold }: { onHold: () => void }) {
  const { incident, updates } = useRoom().room;
  const { canWrite } = useMe();
  const nowMs = useNow();
  const [isHidden, setHidden] = useState(false);
  const due = incident.nextUpdateDueAt;
  if (!canWrite || isHidden || !due || updates.length > 0 || !isClocked(incident)) return null;
  const isLate = Date.parse(due) < nowMs;
  return (
    <Banner tone={isLate ? "bad" : "warn"} title="Nobody outside knows yet.">
      <span className="mr-2">
        A holding statement is {isLate ? "" : "due in "}
        <Countdown at={due} className="font-mono font-semibold" lateClassName="font-semibold text-bad" />.
      </span>
      <span className="inline-flex gap-2 max-[900px]:mt-2 max-[900px]:flex max-[900px]:*:min-h-11 max-[900px]:*:grow">
        <Button size="s" className="-my-1 max-[900px]:my-0" onClick={onHold}>
          Holding statement
        </Button>
        <Button size="s" variant="quiet" className="-my-1 max-[900px]:my-0" onClick={() => setHidden(true)}>
          Not now
        </Button>
      </span>
    </Banner>
  );
}
