"use client";

import { api } from "#/components/api/client.ts";
import { useMe, useRoom } from "#/components/realtime/room/room-provider.tsx";
import { useNow } from "#/components/ui/clock.tsx";
import { Menu } from "#/components/ui/menu.tsx";
import { Countdown } from "#/components/ui/time.tsx";
import { isOpen } from "#/server/incidents/shared/lists.ts";
import { incidentPath } from "./incident-path.ts";
import { useAct } from "./use-act.ts";
import { usePaceItems } from "./use-pace-items.ts";

const MINUTE_MS = 60_000;
/** What teams promise: a worst case every quarter of an hour, the usual half hour, and the long haul. */
const updatePauses = [10, 15, 30, 60, 120] as const;

/** When people were promised to hear again, counting down; a press sets it. */
export function NextUpdate() {
  const { incident } = useRoom().room;
  const { canWrite } = useMe();
  const { act } = useAct();
  const now = useNow();
  const paceItems = usePaceItems(now);
  const due = incident.nextUpdateDueAt;
  if (!isOpen(incident.status) && !due) return null;
  const set = (at: string | null) => void act(() => api.patch(incidentPath(incident.id), { nextUpdateDueAt: at }));
  const shown = (
    <span className="flex flex-col text-right leading-tight max-[900px]:text-left">
      {due ? (
        <Countdown
          at={due}
          className="font-mono text-[15px] font-semibold text-warn"
          lateClassName="text-[15px] font-semibold whitespace-nowrap text-bad"
        />
      ) : (
        <span className="font-mono text-[15px] font-semibold text-muted">–:–</span>
      )}
      <span className="text-xs font-normal whitespace-nowrap text-muted">update due</span>
    </span>
  );
  if (!canWrite) return shown;
  return (
    <Menu
      variant="quiet"
      align="end"
      className="max-[900px]:-mx-3.5 max-[900px]:[&>button]:min-h-11"
      items={[
        ...updatePauses.map((minutes) => ({
          label: minutes < 60 ? `In ${minutes} min` : `In ${minutes / 60} h`,
          onSelect: () => set(new Date(now + minutes * MINUTE_MS).toISOString()),
        })),
        ...(due ? [{ label: "No next update", onSelect: () => set(null) }] : []),
        ...paceItems,
      ]}
    >
      {shown}
      <span className="sr-only">, change it</span>
    </Menu>
  );
}
