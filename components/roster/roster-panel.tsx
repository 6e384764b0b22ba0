"use client";

import { type FormEvent, useState } from "react";
import { api } from "#/components/api/client.ts";
import { useMe, useRoom } from "#/components/realtime/room/room-provider.tsx";
import { incidentPath } from "#/components/room/incident-path.ts";
import { Panel } from "#/components/room/panel.tsx";
import { useAct } from "#/components/room/use-act.ts";
import { Button } from "#/components/ui/button.tsx";
import { TextField } from "#/components/ui/field.tsx";
import { onDemand } from "#/components/ui/on-demand.tsx";
import { ROLE_NAME_LENGTH_MAX, ROLES_MAX } from "#/server/roster/shared/lists.ts";
import { RoleRow } from "./role-row.tsx";

const BriefDialog = onDemand(async () => (await import("./brief-dialog.tsx")).BriefDialog);

/** Who has which part in the incident. */
export function RosterPanel({ className }: { className?: string | undefined }) {
  const { incident } = useRoom().room;
  const { canWrite } = useMe();
  const [isReading, setReading] = useState(false);
  const open = incident.roles.filter((each) => !each.holder).length;
  return (
    <Panel
      name="Roster"
      className={className}
      count={open > 0 ? `${open} open` : undefined}
      action={
        <Button size="s" variant="quiet" className="max-[900px]:min-h-11" onClick={() => setReading(true)}>
          Brief me
        </Button>
      }
    >
      {isReading && <BriefDialog onClose={() => setReading(false)} />}
      <ul>
        {incident.roles.map((role) => (
          <RoleRow key={role.role} incidentId={incident.id} role={role} />
        ))}
      </ul>
      {canWrite && incident.roles.length < ROLES_MAX && <AddRole incidentId={incident.id} />}
    </Panel>
  );
}

/** `Database lead` → `database-lead`. */
function roleNameFrom(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^[^a-z]+|-+$/g, "");
}

/** Takes a part that only this incident has; a role begins with its first holder. */
function AddRole({ incidentId }: { incidentId: string }) {
  const [isOpen, setOpen] = useState(false);
  const [name, setName] = useState("");
  const { act, isPending } = useAct();
  async function add(event: FormEvent): Promise<void> {
    event.preventDefault();
    const role = roleNameFrom(name);
    if (!role || !(await act(() => api.put(incidentPath(incidentId, "roles", role), {})))) return;
    setName("");
    setOpen(false);
  }
  if (!isOpen) {
    return (
      <Button size="s" variant="quiet" className="mt-1 -ml-2.5 max-[900px]:min-h-11" onClick={() => setOpen(true)}>
        + Role
      </Button>
    );
  }
  return (
    <form onSubmit={add} className="mt-2 flex flex-col gap-2">
      <TextField
        label="Your role"
        value={name}
        onChange={(event) => setName(event.target.value)}
        maxLength={ROLE_NAME_LENGTH_MAX}
        placeholder="database-lead"
        autoFocus
      />
      <div className="flex gap-2">
        <Button type="submit" size="s" isPending={isPending}>
          Take it
        </Button>
        <Button size="s" variant="quiet" onClick={() => setOpen(false)}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
