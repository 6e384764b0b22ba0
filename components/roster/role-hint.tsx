"use client";

import { api } from "#/components/api/client.ts";
import { useMe, useRoom } from "#/components/realtime/room/room-provider.tsx";
import { incidentPath } from "#/components/room/incident-path.ts";
import { useAct } from "#/components/room/use-act.ts";
import { Button } from "#/components/ui/button.tsx";
import { isOpen } from "#/server/incidents/shared/lists.ts";

/** On a phone: who commands, and the first open role to take with one thumb. */
export function RoleHint() {
  const { incident } = useRoom().room;
  const me = useMe();
  const { act, isPending } = useAct();
  const commander = incident.roles.find((each) => each.role === "commander")?.holder;
  const open = incident.roles.find((each) => !each.holder && !each.offeredTo);
  if (!isOpen(incident.status) || incident.status === "triage") return null;
  const command = commander
    ? `${commander.id === me.id ? "You command" : `${commander.name} commands`}`
    : "Nobody commands";
  return (
    <div data-role-hint className="mb-2 flex items-center justify-between gap-2 text-s min-[901px]:hidden">
      <span className="min-w-0 text-muted">
        {command}
        {open && open.role !== "commander" && ` · ${open.role} is open`}
      </span>
      {open && me.canWrite && (
        <Button
          className="max-[900px]:min-h-11"
          isPending={isPending}
          onClick={() => void act(() => api.put(incidentPath(incident.id, "roles", open.role), {}))}
        >
          Claim {open.role}
        </Button>
      )}
    </div>
  );
}
