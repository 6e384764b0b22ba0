"use client";

import { useState } from "react";
import { useMe, useRoom } from "#/components/realtime/room/room-provider.tsx";
import { Panel } from "#/components/room/panel.tsx";
import { Button } from "#/components/ui/button.tsx";
import type { TaskView } from "#/server/tasks/contract.ts";
import { AddTask } from "./add-task.tsx";
import { useTaskActs } from "./task-acts.ts";
import { orderedTasks } from "./task-order.ts";
import { TaskRow } from "./task-row.tsx";

/** What has to be done, by whom, and until when. */
export function TasksPanel({ className }: { className?: string | undefined }) {
  const { incident, tasks } = useRoom().room;
  const { canWrite } = useMe();
  const [isAdding, setAdding] = useState(false);
  const { shown, cancelled } = orderedTasks(tasks);
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
      {cancelled.length > 0 && <Cancelled incidentId={incident.id} tasks={cancelled} />}
      {isAdding && <AddTask incidentId={incident.id} onClose={() => setAdding(false)} />}
    </Panel>
  );
}

/** What was called off, out of the way and to be had back. */
function Cancelled({ incidentId, tasks }: { incidentId: string; tasks: readonly TaskView[] }) {
  return (
    <details className="text-s text-muted">
      <summary className="py-1.5 max-[900px]:min-h-11 max-[900px]:content-center">{tasks.length} cancelled</summary>
      <ul>
        {tasks.map((task) => (
          <CancelledRow key={task.id} incidentId={incidentId} task={task} />
        ))}
      </ul>
    </details>
  );
}

function CancelledRow({ incidentId, task }: { incidentId: string; task: TaskView }) {
  const { canWrite } = useMe();
  const { change, isPending } = useTaskActs(incidentId, task);
  return (
    <li className="flex items-start justify-between gap-2 border-b border-line py-1.5">
      <span className="min-w-0 wrap-anywhere">{task.title}</span>
      {canWrite && (
        <Button
          size="s"
          className="max-[900px]:min-h-11"
          isPending={isPending}
          onClick={() => void change({ status: "open" })}
        >
          Restore<span className="sr-only"> {task.title}</span>
        </Button>
      )}
    </li>
  );
}
