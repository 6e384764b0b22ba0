"use client";

import { type FormEvent, useRef, useState } from "react";
import { api } from "#/components/api/client.ts";
import { ProblemBanner } from "#/components/api/problem-banner.tsx";
import { useSubmit } from "#/components/api/use-submit.ts";
import { incidentPath } from "#/components/room/incident-path.ts";
import { usePeople } from "#/components/room/use-people.ts";
import { Button } from "#/components/ui/button.tsx";
import { TextField } from "#/components/ui/field.tsx";
import type { CreateTaskInput } from "#/server/tasks/contract.ts";
import { TASK_TITLE_LENGTH_MAX } from "#/server/tasks/shared/lists.ts";
import { parseTaskLine } from "#/server/tasks/shared/task-line.ts";
import { TaskFields } from "./task-fields.tsx";

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
  const { run, isPending, problem } = useSubmit(async () => {
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
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (said.title) void run();
  }
  return (
    <form
      onSubmit={submit}
      onKeyDown={(event) => event.key === "Escape" && onClose()}
      className="mt-2 flex flex-col gap-2"
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
      <ProblemBanner problem={problem} />
      <div className="flex gap-2 max-[900px]:*:min-h-11">
        <Button type="submit" size="s" variant="primary" isPending={isPending}>
          Add task
        </Button>
        <Button size="s" variant="quiet" onClick={onClose}>
          Close
        </Button>
      </div>
    </form>
  );
}
