"use client";

import { useEffect } from "react";
import { useRoom } from "#/components/realtime/room/room-provider.tsx";
import { IconButton } from "#/components/ui/button.tsx";
import { Tag } from "#/components/ui/tag.tsx";
import { chipsOf } from "./delivery-words.ts";
import { showSent, useSent } from "./sent-store.ts";

/** Once everything arrived, long enough to be read. */
const ARRIVED_FOR_MS = 12_000;

/** What becomes of the update that was just published, channel by channel. What did not arrive stays until it is closed. */
export function SentBanner() {
  const { updates } = useRoom().room;
  const sentId = useSent();
  const update = updates.find((each) => each.id === sentId);
  const hasArrived = update?.deliverySummary.every((each) => each.waiting === 0 && each.failed === 0) ?? false;
  useEffect(() => {
    if (!hasArrived) return;
    const timer = setTimeout(() => showSent(null), ARRIVED_FOR_MS);
    return () => clearTimeout(timer);
  }, [hasArrived]);
  if (!update) return null;
  const chips = update.deliverySummary.flatMap(chipsOf);
  const hasFailed = update.deliverySummary.some((each) => each.failed > 0);
  return (
    <section
      aria-label="Just published"
      className="flex flex-wrap items-center gap-x-2 gap-y-1 rounded-md border border-ok/40 bg-ok-bg py-1 pr-1 pl-3 text-s"
    >
      <b className="font-semibold">
        <span aria-hidden="true">↗ </span>Published.
      </b>
      <span aria-live="polite" className="flex grow flex-wrap items-center gap-1.5">
        {chips.map((chip) => (
          <Tag key={chip.text} tone={chip.tone}>
            {chip.text}
          </Tag>
        ))}
        {hasFailed && <span className="text-muted">The reason, and “Send again”, are under Updates.</span>}
      </span>
      <IconButton label="Close what was just published" onClick={() => showSent(null)}>
        ✕
      </IconButton>
    </section>
  );
}
