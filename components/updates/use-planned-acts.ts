"use client";

import { api } from "#/components/api/client.ts";
import { useMe, useRoom } from "#/components/realtime/room/room-provider.tsx";
import { useAct } from "#/components/room/use-act.ts";
import { useNow } from "#/components/ui/clock.tsx";
import type { PlannedUpdateView } from "#/server/updates/planned/contract.ts";
import { isApproverOf } from "#/server/updates/shared/planned.ts";
import { plannedPath } from "./approval-dialogs.tsx";

/** What the reader may do about something that waits, and the presses that need no question. */
export function usePlannedActs(planned: PlannedUpdateView) {
  const { incident } = useRoom().room;
  const me = useMe();
  const now = useNow();
  const { act, isPending } = useAct();
  const commander = incident.roles.find((each) => each.role === "commander")?.holder ?? null;
  const isWaiting = planned.state === "waiting";
  return {
    commander,
    isPending,
    isApprover: me.canWrite && isApproverOf(planned, me.id, commander?.id ?? null),
    isAsker: planned.askedBy.id === me.id,
    canWrite: me.canWrite,
    /** Nobody answered in time: it may go out by name. */
    canBypass: me.canWrite && isWaiting && now >= Date.parse(planned.bypassFrom),
    approve: () => void act(() => api.post(plannedPath(planned, "approve"), { version: planned.version })),
    publishNow: () => void act(() => api.patch(plannedPath(planned), { publishAt: null, version: planned.version })),
    cancel: () => void act(() => api.delete(plannedPath(planned))),
    /** The same text, asked for as the incident is now. */
    askAgain: () => void act(() => api.patch(plannedPath(planned), { version: planned.version })),
  };
}
