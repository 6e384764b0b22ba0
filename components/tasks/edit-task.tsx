"use client";

import { useState } from "react";
import { api } from "#/components/api/client.ts";
import { useSubmit } from "#/components/api/use-submit.ts";
import { incidentPath } from "#/components/room/incident-path.ts";
import { usePeople } from "#/components/room/use-people.ts";
import { TextField } from "#/components/ui/field.tsx";
import type { ChangeTaskInput, TaskView } from "#/server/tasks/contract.ts";
import { TASK_TITLE_LENGTH_MAX } from "#/server/tasks/shared/lists.ts";
import { TaskFields } from "./task-fields.tsx";
import { TaskForm } from "./task-form.tsx";

type Props = { incidentId: string; task: TaskView; onClose: () => void };

/** A task's words, owner and time box, changed where it stands; only what was touched is sent. */
export function EditTask({ incidentId, task, onClose }: Props) {
  const { people } = usePeople();
  const [title, setTitle] = useState(task.title);
  const [ownerId, setOwnerId] = useState(task.owner?.id ?? "");
  const [minutes, setMinutes] = useState("");
  const submit = useSubmit(async () => {
    const change: ChangeTaskInput = {
      ...(title.trim() !== task.title && { title: title.trim() }),
      ...(ownerId !== (task.owner?.id ?? "") && { ownerId: ownerId || null }),
      ...(minutes && { minutes: Number(minutes) }),
    };
    await api.patch(incidentPath(incidentId, "tasks", task.id), change);
    onClose();
  });
  return (
    <TaskForm
      submit={submit}
      isReady={title.trim() !== ""}
      submitLabel="Save"
      closeLabel="Cancel"
      onClose={onClose}
      className="border-b border-line py-2"
    >
      <TextField
        label="Task"
        value={title}
        onChange={(event) => setTitle(event.target.value)}
        maxLength={TASK_TITLE_LENGTH_MAX}
        required
        autoFocus
      />
      <TaskFields
        people={people ?? (task.owner ? [task.owner] : [])}
        ownerId={ownerId}
        onOwner={setOwnerId}
        minutes={minutes}
        onMinutes={setMinutes}
        minutesHint="same"
      />
    </TaskForm>
  );
}
