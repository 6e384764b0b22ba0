"use client";

import { useRoom } from "#/components/realtime/room/room-provider.tsx";
import { PlannedCard } from "./approval-card.tsx";

/** What waits for approval, for its time, or for somebody to look. */
export function PlannedList() {
  const { planned } = useRoom().room;
  return (
    <ul aria-label="Waiting updates">
      {planned.map((each) => (
        <PlannedCard key={each.id} planned={each} />
      ))}
    </ul>
  );
}
