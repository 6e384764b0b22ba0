"use client";

import { useMe } from "#/components/realtime/room/room-provider.tsx";
import { Select, TextField } from "#/components/ui/field.tsx";
import type { PersonView } from "#/server/incidents/contract.ts";
import { TASK_MINUTES_MAX } from "#/server/tasks/shared/lists.ts";

type Props = {
  people: readonly PersonView[];
  ownerId: string;
  onOwner: (id: string) => void;
  minutes: string;
  onMinutes: (minutes: string) => void;
  minutesHint?: string;
};

/** Whose a task is, and how long it may take. */
export function TaskFields({ people, ownerId, onOwner, minutes, onMinutes, minutesHint }: Props) {
  const me = useMe();
  const others = people.filter((person) => person.id !== me.id);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_88px] gap-2">
      <Select label="Owner" value={ownerId} onChange={(event) => onOwner(event.target.value)}>
        <option value="">Nobody yet</option>
        <option value={me.id}>{me.name} (me)</option>
        {others.map((person) => (
          <option key={person.id} value={person.id}>
            {person.name}
          </option>
        ))}
      </Select>
      <TextField
        label="Minutes"
        type="number"
        inputMode="numeric"
        min={1}
        max={TASK_MINUTES_MAX}
        value={minutes}
        placeholder={minutesHint}
        onChange={(event) => onMinutes(event.target.value)}
      />
    </div>
  );
}
