"use client";

import { api } from "#/components/api/client.ts";
import { statusWords } from "#/components/incidents/words.ts";
import { useMe, useRoom } from "#/components/realtime/room/room-provider.tsx";
import { Menu } from "#/components/ui/menu.tsx";
import { activeStatuses } from "#/server/incidents/shared/lists.ts";
import { incidentPath } from "./incident-path.ts";
import { statusSigns } from "./signs.ts";
import { useAct } from "./use-act.ts";

const hints: Record<(typeof activeStatuses)[number], string> = {
  investigating: "We look for the cause.",
  identified: "The cause is known, the fix is not in yet.",
  monitoring: "The fix is in; we watch.",
};

/** Shows where the incident stands; the three statuses of work change freely. */
export function StatusMenu({ onResolve }: { onResolve: () => void }) {
  const { incident } = useRoom().room;
  const { canWrite } = useMe();
  const { act } = useAct();
  const { status } = incident;
  const shown = (
    <>
      <span aria-hidden="true">{statusSigns[status]}</span>
      {statusWords[status]}
    </>
  );
  const isActive = activeStatuses.some((each) => each === status);
  if (!canWrite || !isActive) {
    return (
      <span className="inline-flex min-h-7 items-center gap-1.5 rounded-sm border border-line bg-raised px-2.5 text-s font-[550] whitespace-nowrap">
        {shown}
      </span>
    );
  }
  const choices = activeStatuses.map((each) => ({
    label: `${statusSigns[each]} ${statusWords[each]}`,
    hint: hints[each],
    isCurrent: each === status,
    onSelect: () => void act(() => api.patch(incidentPath(incident.id), { status: each })),
  }));
  const resolve = { label: "✓ Resolved …", hint: "Says what fixed it.", isCurrent: false, onSelect: onResolve };
  return (
    <Menu
      size="s"
      className="max-[900px]:[&>button]:min-h-11"
      label={`Status ${statusWords[status]}`}
      items={[...choices, resolve]}
    >
      {shown}
      <span aria-hidden="true">▾</span>
    </Menu>
  );
}
