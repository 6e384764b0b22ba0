"use client";

import { useState } from "react";
import { useMe, useRoom } from "#/components/realtime/room/room-provider.tsx";
import { Panel } from "#/components/room/panel.tsx";
import { Button } from "#/components/ui/button.tsx";
import type { TaskView } from "#/server/tasks/contract.ts";
import { AddTask } from "./add-task.tsx";
import { TaskRow } from "./task-row.tsx";

/** Open ones first, by the end of their time box; then what is done. */
function ordered(tasks: readonly TaskView[]): TaskView[] {
  const rank = (task: TaskView) => (task.status === "open" ? 0 : 1);
  const end = (task: TaskView) => (task.dueAt ? Date.parse(task.dueAt) : Number.MAX_SAFE_INTEGER);
  return tasks
    .filter((task) => task.status !== "cancelled")
    .sort((a, b) => rank(a) - rank(b) || end(a) - end(b) || Date.parse(a.createdAt) - Date.parse(b.createdAt));
}

/** What has to be done, by whom, and until when. */
export function TasksPanel({ className }: { className?: string | undefined }) {
  const { incident, tasks } = useRoom().room;
  const { canWrite } = useMe();
  const [isAdding, setAdding] = useState(false);
  const shown = ordered(tasks);
  const done = shown.filter((task) => task.status === "done").length;
  return (
    <Panel
      name="Tasks"
      className={className}
      count={shown.length > 0 ? `${done} of ${shown.length} done` : undefined}
      action={
        canWrite &&
        !isAdding && (
          <Button size="s" variant="quiet" className="-mr-2.5 max-[900px]:min-h-11" onClick={() => setAdding(true)}>
            + Task
          </Button>
        )
      }
    >
      {shown.length === 0 && !isAdding && <p className="text-s text-faint">No tasks yet</p>}
      <ul>
        {shown.map((task) => (
          <TaskRow key={task.id} incidentId={incident.id} task={task} />
        ))}
      </ul>
      {isAdding && <AddTask incidentId={incident.id} onClose={() => setAdding(false)} />}
    </Panel>
  );
}
