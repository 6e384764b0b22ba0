"use client";

import { useRoom } from "#/components/realtime/room/room-provider.tsx";
import { Banner } from "#/components/ui/banner.tsx";
import { PlannedButtons, plannedWhat } from "#/components/updates/approval-card.tsx";
import { PlannedText } from "#/components/updates/approval-text.tsx";
import { usePlannedActs } from "#/components/updates/use-planned-acts.ts";
import type { PlannedUpdateView } from "#/server/updates/planned/contract.ts";

/** Puts what waits before those who have to do something about it; everybody else finds it among the updates. */
export function PlannedBanners() {
  const { planned } = useRoom().room;
  return planned.map((each) => <PlannedBanner key={each.id} planned={each} />);
}

const wordOf = ({ kind }: PlannedUpdateView) => (kind === "correction" ? "a correction" : "an update");

function PlannedBanner({ planned }: { planned: PlannedUpdateView }) {
  const { isApprover, isAsker, canBypass, canWrite } = usePlannedActs(planned);
  if (!canWrite) return null;
  if (planned.state === "waiting" && isApprover) {
    return (
      <Banner tone="warn" title={`${planned.askedBy.name} asks you to approve ${wordOf(planned)}.`} isAlert>
        <span className="text-muted">{plannedWhat(planned)}</span>
        <PlannedText planned={planned} className="mt-1.5" />
        {planned.hindrance && <p className="mt-1 text-bad">{planned.hindrance}</p>}
        <PlannedButtons planned={planned} className="mt-2" isShort />
      </Banner>
    );
  }
  if (planned.state === "waiting" && isAsker && canBypass) {
    return (
      <Banner tone="warn" title="Nobody has approved your update yet.">
        It can go out without, in your name.
        <PlannedButtons planned={planned} className="mt-2" isShort />
      </Banner>
    );
  }
  if (planned.state === "refused") {
    return (
      <Banner tone="bad" title={`${planned.askedBy.name}'s scheduled ${planned.kind} was not published.`} isAlert>
        <span className="wrap-anywhere">{planned.reason}</span>
        <PlannedButtons planned={planned} className="mt-2" isShort />
      </Banner>
    );
  }
  if (planned.state === "declined" && isAsker) {
    return (
      <Banner tone="warn" title={`${planned.endedBy ?? "Somebody"} declined your ${planned.kind}.`}>
        <span className="wrap-anywhere">{planned.reason}</span>
        <PlannedButtons planned={planned} className="mt-2" isShort />
      </Banner>
    );
  }
  return null;
}
