"use client";

import { useRef, useState } from "react";
import { api } from "#/components/api/client.ts";
import { useSubmit } from "#/components/api/use-submit.ts";
import { incidentPath } from "#/components/room/incident-path.ts";
import { usePeople } from "#/components/room/use-people.ts";
import { TextField } from "#/components/ui/field.tsx";
import type { CreateTaskInput } from "#/server/tasks/contract.ts";
import { TASK_TITLE_LENGTH_MAX } from "#/server/tasks/shared/lists.ts";
import { parseTaskLine } from "#/server/tasks/shared/task-line.ts";
import { TaskFields } from "./task-fields.tsx";
import { TaskForm } from "./task-form.tsx";

/** Gives somebody something to do, in a time box: in one line, or field by field. It stays for the next one. */
export function AddTask({ incidentId, onClose }: { incidentId: string; onClose: () => void }) {
  const { people } = usePeople();
  const field = useRef<HTMLInputElement>(null);
  const [line, setLine] = useState("");
  /** What was chosen by hand; null while the line decides. */
  const [chosenOwner, chooseOwner] = useState<string | null>(null);
  const [chosenMinutes, chooseMinutes] = useState<string | null>(null);
  const said = parseTaskLine(line, people ?? []);
  const ownerId = chosenOwner ?? said.ownerId ?? "";
  const minutes = chosenMinutes ?? (said.minutes ? String(said.minutes) : "");
  const submit = useSubmit(async () => {
    const task: CreateTaskInput = {
      title: said.title,
      ...(ownerId && { ownerId }),
      ...(minutes && { minutes: Number(minutes) }),
    };
    await api.post(incidentPath(incidentId, "tasks"), task);
    setLine("");
    chooseOwner(null);
    chooseMinutes(null);
    field.current?.focus();
  });
  return (
    <TaskForm
      submit={submit}
      isReady={said.title !== ""}
      submitLabel="Add task"
      closeLabel="Close"
      onClose={onClose}
      className="mt-2"
    >
      <TextField
        ref={field}
        label="Task"
        hint="Also in one line: restart pods @Lin 10m"
        value={line}
        onChange={(event) => setLine(event.target.value)}
        maxLength={TASK_TITLE_LENGTH_MAX}
        required
        autoFocus
      />
      <TaskFields
        people={people ?? []}
        ownerId={ownerId}
        onOwner={chooseOwner}
        minutes={minutes}
        onMinutes={chooseMinutes}
      />
    </TaskForm>
  );
}
