"use client";

import { type FormEvent, useState } from "react";
import { api } from "#/components/api/client.ts";
import { useAct } from "#/components/room/use-act.ts";
import { Button } from "#/components/ui/button.tsx";
import { TextField } from "#/components/ui/field.tsx";
import type { IncidentView } from "#/server/incidents/contract.ts";
import { SERVICES_PER_INCIDENT_MAX } from "#/server/incidents/shared/lists.ts";

type Props = { path: string; services: IncidentView["services"]; canEdit: boolean };

/** The services that are touched; a name that nobody knows yet makes the service. */
export function ServicesField({ path, services, canEdit }: Props) {
  const [isAdding, setAdding] = useState(false);
  const [name, setName] = useState("");
  const { act, isPending } = useAct();
  const set = (keys: string[]) => act(() => api.patch(path, { services: keys }));
  const ids = services.map((service) => service.id);
  async function add(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (!name.trim() || !(await set([...ids, name.trim()]))) return;
    setName("");
    setAdding(false);
  }
  return (
    <>
      {services.map((service) => (
        <Chip
          key={service.id}
          label={service.name}
          {...(canEdit && { onRemove: () => void set(ids.filter((id) => id !== service.id)) })}
        />
      ))}
      {services.length === 0 && !canEdit && "–"}
      {canEdit && !isAdding && services.length < SERVICES_PER_INCIDENT_MAX && (
        <AddButton label="Service" onPress={() => setAdding(true)} />
      )}
      {isAdding && (
        <form onSubmit={add} className="mt-1 flex w-full flex-col gap-2">
          <TextField
            label="Service"
            isLabelHidden
            placeholder="Name of a service"
            value={name}
            onChange={(event) => setName(event.target.value)}
            maxLength={100}
            autoFocus
          />
          <FormButtons isPending={isPending} onCancel={() => setAdding(false)} />
        </form>
      )}
    </>
  );
}

/** A word that can be taken away. */
export function Chip({ label, onRemove }: { label: string; onRemove?: () => void }) {
  return (
    <span className="inline-flex min-h-6 max-w-full items-center gap-1 rounded border border-line bg-raised pl-1.5 text-xs last:pr-1.5 max-[900px]:min-h-8">
      <span className="truncate py-0.5 pr-1">{label}</span>
      {onRemove && (
        <button
          type="button"
          aria-label={`Remove ${label}`}
          title={`Remove ${label}`}
          onClick={onRemove}
          className="grid size-6 place-items-center rounded-r text-muted hover:text-text max-[900px]:size-11"
        >
          <span aria-hidden="true">✕</span>
        </button>
      )}
    </span>
  );
}

/** A small way to add one more. */
export function AddButton({ label, onPress }: { label: string; onPress: () => void }) {
  return (
    <button
      type="button"
      aria-label={`Add ${label.toLowerCase()}`}
      onClick={onPress}
      className="min-h-6 rounded-sm px-1.5 text-xs text-muted hover:bg-raised hover:text-text max-[900px]:min-h-11"
    >
      + {label}
    </button>
  );
}

/** Saves or gives up. */
export function FormButtons({ isPending, onCancel }: { isPending: boolean; onCancel: () => void }) {
  return (
    <div className="flex gap-2">
      <Button type="submit" size="s" isPending={isPending}>
        Add
      </Button>
      <Button size="s" variant="quiet" onClick={onCancel}>
        Cancel
      </Button>
    </div>
  );
}
