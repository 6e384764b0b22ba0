"use client";

import { useState } from "react";
import { api } from "#/components/api/client.ts";
import { useMe, useRoom } from "#/components/realtime/room/room-provider.tsx";
import { incidentPath } from "#/components/room/incident-path.ts";
import { useAct } from "#/components/room/use-act.ts";
import { Banner } from "#/components/ui/banner.tsx";
import { Button } from "#/components/ui/button.tsx";
import { onDemand } from "#/components/ui/on-demand.tsx";
import { isOpen } from "#/server/incidents/shared/lists.ts";

const BriefDialog = onDemand(async () => (await import("./brief-dialog.tsx")).BriefDialog);

/** What the room must know about who leads it: that nobody does, and that the reader is asked to. */
export function RosterBanners() {
  const { incident } = useRoom().room;
  if (!isOpen(incident.status) || incident.status === "triage") return null;
  return (
    <>
      <NobodyCommands />
      <OfferedToMe />
    </>
  );
}

function NobodyCommands() {
  const { incident } = useRoom().room;
  const { canWrite } = useMe();
  const { act, isPending } = useAct();
  const commander = incident.roles.find((each) => each.role === "commander");
  if (!commander || commander.holder || incident.mode === "retrospective") return null;
  const claim = () => void act(() => api.put(incidentPath(incident.id, "roles", "commander"), {}));
  return (
    <Banner tone="bad" title="Nobody commands." isAlert>
      <span className="mr-2">
        {commander.offeredTo
          ? `${commander.offeredTo.name} was asked to.`
          : "Somebody has to decide what happens next."}
      </span>
      {canWrite && (
        // For the pointer. The roster has the same button under this name, and a page has each name once.
        <Button
          size="s"
          className="-my-1 max-[900px]:hidden"
          aria-hidden="true"
          tabIndex={-1}
          isPending={isPending}
          onClick={claim}
        >
          Claim commander
        </Button>
      )}
    </Banner>
  );
}

function OfferedToMe() {
  const { incident } = useRoom().room;
  const me = useMe();
  const [isReading, setReading] = useState(false);
  const offered = incident.roles.find((role) => role.offeredTo?.id === me.id);
  if (!offered || !me.canWrite) return null;
  return (
    <Banner tone="warn" title={`You are offered ${offered.role}.`} isAlert>
      <span className="mr-2">
        {offered.holder ? `${offered.holder.name} keeps it until you accept.` : "Nobody has it now."}
      </span>
      <Button
        size="s"
        className="-my-1 max-[900px]:mt-2 max-[900px]:mb-0 max-[900px]:flex max-[900px]:min-h-11"
        onClick={() => setReading(true)}
      >
        Read the brief
      </Button>
      {isReading && <BriefDialog onClose={() => setReading(false)} />}
    </Banner>
  );
}
