"use client";

import { useState } from "react";
import { useRoom } from "#/components/realtime/room/room-provider.tsx";
import { Banner } from "#/components/ui/banner.tsx";
import { Button } from "#/components/ui/button.tsx";
import type { RoomView } from "#/server/realtime/contract.ts";
import type { PublishUpdateInput } from "#/server/updates/contract.ts";
import { updateStatusWords } from "#/server/updates/shared/words.ts";
import { seenOf } from "./update-form.ts";

type Seen = NonNullable<PublishUpdateInput["seen"]>;

/** What changed between two looks at an incident, each as a sentence. Pure. */
export function changesBetween(before: Seen, now: Seen, updates: RoomView["updates"]): string[] {
  const changes: string[] = [];
  const update = now.updateId !== before.updateId && updates.find((each) => each.id === now.updateId);
  if (update) changes.push(`${update.publishedBy.name} published “${updateStatusWords[update.status]}”.`);
  if (now.status !== before.status) changes.push(`The status is ${now.status} now, not ${before.status}.`);
  if (now.severity !== before.severity) {
    changes.push(`The severity is ${now.severity ?? "open"} now, not ${before.severity ?? "open"}.`);
  }
  return changes;
}

/** What the writer saw when the composer opened, or when they last said that they looked. */
export function useSeen(): { opened: Seen; now: Seen; look: () => void } {
  const { incident, updates } = useRoom().room;
  const now = seenOf(incident, updates);
  const [opened, setOpened] = useState(now);
  return { opened, now, look: () => setOpened(now) };
}

/** Says that the incident went on while the update was written. It blocks nothing. */
export function ChangedSince({ opened, now, onLook }: { opened: Seen; now: Seen; onLook: () => void }) {
  const { updates } = useRoom().room;
  const changes = changesBetween(opened, now, updates);
  if (changes.length === 0) return null;
  const text = updates.find((each) => each.id === now.updateId && each.id !== opened.updateId)?.body;
  return (
    <Banner tone="warn" title="Changed since you opened this." isAlert>
      {changes.join(" ")}
      {text && <p className="mt-1 border-l-2 border-line-strong pl-2 text-muted wrap-anywhere">{text}</p>}
      <div className="mt-2">
        <Button size="s" className="max-md:min-h-11" onClick={onLook}>
          Go on from there
        </Button>
      </div>
    </Banner>
  );
}
