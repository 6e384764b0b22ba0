"use client";

import { type FormEvent, useState } from "react";
import { api } from "#/components/api/client.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useSubmit } from "#/components/api/use-submit.ts";
import { useMe } from "#/components/realtime/room/room-provider.tsx";
import { incidentPath } from "#/components/room/incident-path.ts";
import { usePeople } from "#/components/room/use-people.ts";
import { Button } from "#/components/ui/button.tsx";
import { Select, TextField } from "#/components/ui/field.tsx";
import type { CreateTaskInput } from "#/server/tasks/contract.ts";
import { TASK_TITLE_LENGTH_MAX } from "#/server/tasks/shared/lists.ts";

/** A week: longer is an action item, not a task. */
const MINUTES_MAX = 10_080;

/** Gives somebody something to do, in a time box. */
export function AddTask({ incidentId, onClose }: { incidentId: string; onClose: () => void }) {
  const me = useMe();
  const { people } = usePeople();
  const [title, setTitle] = useState("");
  const [ownerId, setOwnerId] = useState("");
  const [minutes, setMinutes] = useState("");
  const { run, isPending, problem } = useSubmit(async () => {
    const task: CreateTaskInput = {
      title: title.trim(),
      ...(ownerId && { ownerId }),
      ...(minutes && { minutes: Number(minutes) }),
    };
    await api.post(incidentPath(incidentId, "tasks"), task);
    onClose();
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (title.trim()) void run();
  }
  const others = (people ?? []).filter((person) => person.id !== me.id);
  return (
    <form onSubmit={submit} className="mt-2 flex flex-col gap-2">
      <TextField
        label="Task"
        value={title}
        onChange={(event) => setTitle(event.target.value)}
        maxLength={TASK_TITLE_LENGTH_MAX}
        required
        autoFocus
      />
      <div className="grid grid-cols-[minmax(0,1fr)_88px] gap-2">
        <Select label="Owner" value={ownerId} onChange={(event) => setOwnerId(event.target.value)}>
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
          max={MINUTES_MAX}
          value={minutes}
          onChange={(event) => setMinutes(event.target.value)}
        />
      </div>
      <ProblemBanner problem={problem} />
      <div className="flex gap-2">
        <Button type="submit" size="s" variant="primary" isPending={isPending}>
          Add task
        </Button>
        <Button size="s" variant="quiet" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
