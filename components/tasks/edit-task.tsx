"use client";

import { type FormEvent, useState } from "react";
import { api } from "#/components/api/client.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useSubmit } from "#/components/api/use-submit.ts";
import { incidentPath } from "#/components/room/incident-path.ts";
import { usePeople } from "#/components/room/use-people.ts";
import { Button } from "#/components/ui/button.tsx";
import { TextField } from "#/components/ui/field.tsx";
import type { ChangeTaskInput, TaskView } from "#/server/tasks/contract.ts";
import { TASK_TITLE_LENGTH_MAX } from "#/server/tasks/shared/lists.ts";
import { TaskFields } from "./task-fields.tsx";

type Props = { incidentId: string; task: TaskView; onClose: () => void };

/** A task's words, owner and time box, changed where it stands; only what was touched is sent. */
export function EditTask({ incidentId, task, onClose }: Props) {
  const { people } = usePeople();
  const [title, setTitle] = useState(task.title);
  const [ownerId, setOwnerId] = useState(task.owner?.id ?? "");
  const [minutes, setMinutes] = useState("");
  const { run, isPending, problem } = useSubmit(async () => {
    const change: ChangeTaskInput = {
      ...(title.trim() !== task.title && { title: title.trim() }),
      ...(ownerId !== (task.owner?.id ?? "") && { ownerId: ownerId || null }),
      ...(minutes && { minutes: Number(minutes) }),
    };
    await api.patch(incidentPath(incidentId, "tasks", task.id), change);
    onClose();
  });
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (title.trim()) void run();
  }
  return (
    <form
      onSubmit={submit}
      onKeyDown={(event) => event.key === "Escape" && onClose()}
      className="flex flex-col gap-2 border-b border-line py-2"
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
      <ProblemBanner problem={problem} />
      <div className="flex gap-2 max-[900px]:*:min-h-11">
        <Button type="submit" size="s" variant="primary" isPending={isPending}>
          Save
        </Button>
        <Button size="s" variant="quiet" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
