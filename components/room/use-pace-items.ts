"use client";

import { api } from "#/components/api/client.ts";
import { useMe, useRoom } from "#/components/realtime/room/room-provider.tsx";
import type { MenuItem } from "#/components/ui/menu.tsx";
import { longPaceFrom, type Pace } from "#/server/updates/shared/cadence.ts";
import { incidentPath } from "./incident-path.ts";
import { useAct } from "./use-act.ts";

/** The commander's choice of a slower clock, once the incident is a long one, and the way back. */
export function usePaceItems(now: number): MenuItem[] {
  const { incident, updateRules } = useRoom().room;
  const me = useMe();
  const { act } = useAct();
  const { pace, everyMinutes, longMinutes } = updateRules;
  const isCommander = incident.roles.some((each) => each.role === "commander" && each.holder?.id === me.id);
  if (!isCommander || everyMinutes === 0) return [];
  const choose = (next: Pace) => void act(() => api.put(incidentPath(incident.id, "update-pace"), { pace: next }));
  if (pace === "long") {
    return [{ label: "Usual pace again", hint: `Every ${everyMinutes} min`, onSelect: () => choose("usual") }];
  }
  if (now < longPaceFrom(incident.acceptedAt ?? incident.declaredAt)) return [];
  return [{ label: "Long incident", hint: `An update every ${longMinutes} min`, onSelect: () => choose("long") }];
}
