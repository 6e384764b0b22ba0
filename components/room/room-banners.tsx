"use client";

import Link from "next/link";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";
import { PlaceActs } from "#/components/alerts/place-acts.tsx";
import { api } from "#/components/api/client.ts";
import { UnexplainedBanner } from "#/components/maintenance/unexplained-banner.tsx";
import { LostEdits } from "#/components/realtime/documents/lost-edits.tsx";
import { useMe, useRoom } from "#/components/realtime/room/room-provider.tsx";
import { RosterBanners } from "#/components/roster/roster-banners.tsx";
import { OverdueBanner } from "#/components/tasks/overdue-banner.tsx";
import { Banner } from "#/components/ui/banner.tsx";
import { Button, ButtonLink } from "#/components/ui/button.tsx";
import { onDemand } from "#/components/ui/on-demand.tsx";
import { HoldingBanner } from "#/components/updates/holding-banner.tsx";
import { SentBanner } from "#/components/updates/sent-banner.tsx";
import { isOpen } from "#/server/incidents/shared/lists.ts";
import type { UnexplainedComponent } from "#/server/maintenance/contract.ts";
import { incidentPath } from "./incident-path.ts";
import { TriageBanner } from "./triage-banner.tsx";
import { UpdateDueBanner } from "./update-due-banner.tsx";
import { useAct } from "./use-act.ts";

const PlannedBanners = onDemand(async () => (await import("./planned-banners.tsx")).PlannedBanners);

/** A connection that comes back within this was never worth a word. */
const QUIET_MS = 1_500;

const none: readonly UnexplainedComponent[] = [];

/** What everyone in the room must know about the room itself. */
export function RoomBanners({ onPublish, onHold }: { onPublish: () => void; onHold: () => void }) {
  const { room } = useRoom();
  const { canWrite, isAdmin } = useMe();
  const { incident } = room;
  return (
    <div className="flex flex-col gap-2 px-6 py-2 empty:hidden max-[900px]:px-4">
      <ConnectionBanner />
      <LostEdits />
      {incident.mergedFrom && <MergedFromBanner from={incident.mergedFrom} />}
      {incident.status === "triage" && <TriageBanner />}
      {room.planned.length > 0 && <PlannedBanners />}
      <UpdateDueBanner onPublish={onPublish} />
      <OverdueBanner />
      <SentBanner />
      <HoldingBanner onHold={onHold} />
      {room.nobodyHears && isOpen(incident.status) && (
        <Banner tone="warn" title="Nobody will hear this.">
          No channel is set up that tells people of an incident.{" "}
          {isAdmin ? (
            <Link href="/settings/channels" className="text-accent underline">
              Set up Slack or mail
            </Link>
          ) : (
            "An administrator can set up Slack or mail."
          )}
        </Banner>
      )}
      <RosterBanners />
      <EndBanner />
      <HeldBanner />
      {room.publicStatus === "resolved" && (
        <UnexplainedBanner initial={none} canMend={canWrite} reference={incident.reference} />
      )}
      {room.publicStatus && room.publicStatus !== "resolved" && ["resolved", "closed"].includes(incident.status) && (
        <Banner tone="warn" title="The status page still says otherwise.">
          The public reads that this is {room.publicStatus}.{" "}
          {canWrite && (
            <Button size="s" className="-my-1" onClick={onPublish}>
              Publish that it is resolved
            </Button>
          )}
        </Banner>
      )}
    </div>
  );
}

const closedWords: Record<number, string> = {
  4401: "You were signed out.",
  4403: "Your role does not allow this any more.",
  4404: "This incident is not visible to you any more.",
};

function ConnectionBanner() {
  const { connection, closedCode } = useRoom();
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    if (connection !== "reconnecting") return setLong(false);
    const timer = setTimeout(() => setLong(true), QUIET_MS);
    return () => clearTimeout(timer);
  }, [connection]);
  if (connection === "closed") {
    return (
      <Banner tone="bad" title="The room was closed." isAlert>
        {closedWords[closedCode ?? 0] ?? "You cannot see this incident any more."}{" "}
        {closedCode === 4401 ? (
          // A whole load on purpose: nothing of the session that ended is kept.
          <a href="/sign-in" className="inline-block min-h-6 text-accent underline">
            Sign in
          </a>
        ) : (
          <Link href="/incidents" className="inline-block min-h-6 text-accent underline">
            All incidents
          </Link>
        )}
      </Banner>
    );
  }
  if (connection !== "reconnecting" || !isLong) return null;
  return (
    <Banner tone="warn" title="Reconnecting." isAlert>
      You may be behind. What you write is kept and sent later.
    </Banner>
  );
}

function MergedFromBanner({ from }: { from: string }) {
  const { canWrite } = useMe();
  const router = useRouter();
  const { act, isPending } = useAct();
  async function unmerge(): Promise<void> {
    if (await act(() => api.post(incidentPath(from, "unmerge")))) router.refresh();
  }
  return (
    <Banner title={`${from} was merged into this incident.`}>
      You followed its reference.{" "}
      {canWrite && (
        <Button size="s" className="-my-1" isPending={isPending} onClick={unmerge}>
          Unmerge
        </Button>
      )}
    </Banner>
  );
}

/** What fired again after the end waits for a choice: the first is offered here, all of them in the alerts. */
function HeldBanner() {
  const { held } = useRoom().room;
  const { canWrite } = useMe();
  const [first] = held;
  if (!first) return null;
  const others = held.length - 1;
  return (
    <Banner tone="warn" title="Fired again after the end.">
      <span className="wrap-anywhere">{first.title}</span>
      {others > 0 && <span className="text-muted"> and {others} more, among the alerts</span>}
      {canWrite && (
        <div className="mt-2">
          <PlaceActs alert={first} />
        </div>
      )}
    </Banner>
  );
}

/** Beside the sentence; on a phone below it, for thumbs. */
const acts =
  "inline-flex gap-2 max-[900px]:mt-2 max-[900px]:flex max-[900px]:flex-wrap max-[900px]:*:my-0 max-[900px]:*:min-h-11 max-[900px]:*:grow";

/** What was ended can be taken up again. */
function EndBanner() {
  const { incident } = useRoom().room;
  const { canWrite } = useMe();
  const { act, isPending } = useAct();
  const post = (what: string) => void act(() => api.post(incidentPath(incident.id, what)));
  const button = (label: string, what: string) =>
    canWrite && (
      <Button size="s" className="-my-1" isPending={isPending} onClick={() => post(what)}>
        {label}
      </Button>
    );
  if (incident.status === "declined") {
    return (
      <Banner title="Declined.">
        {incident.declineReason && <span className="mr-2 wrap-anywhere">{incident.declineReason}</span>}
        <span className={acts}>{button("Reopen", "reopen")}</span>
      </Banner>
    );
  }
  if (incident.status === "merged") {
    return (
      <Banner title="Merged.">
        {incident.mergedInto && (
          <Link href={`/incidents/${incident.mergedInto}`} className="mr-2 text-accent underline">
            Go to {incident.mergedInto}
          </Link>
        )}
        <span className={acts}>{button("Unmerge", "unmerge")}</span>
      </Banner>
    );
  }
  if (incident.status === "closed") {
    return (
      <Banner title="Closed.">
        <span className={acts}>{button("Reopen", "reopen")}</span>
      </Banner>
    );
  }
  if (incident.status !== "resolved") return null;
  return (
    <Banner tone="ok" title="Resolved.">
      {incident.resolution && <span className="mr-2 wrap-anywhere">{incident.resolution}</span>}
      <span className={acts}>
        <ButtonLink size="s" className="-my-1" href={`/incidents/${incident.reference}/postmortem`}>
          {canWrite ? "Write postmortem" : "Read postmortem"}
        </ButtonLink>
        {button("Reopen", "reopen")}
        {button("Close", "close")}
      </span>
    </Banner>
  );
}
