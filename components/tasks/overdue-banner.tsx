"use client";

import { useMe, useRoom } from "#/components/realtime/room/room-provider.tsx";
import { Banner } from "#/components/ui/banner.tsx";
import { Button } from "#/components/ui/button.tsx";
import { useNow } from "#/components/ui/clock.tsx";
import { Countdown } from "#/components/ui/time.tsx";
import { isOpen } from "#/server/incidents/shared/lists.ts";
import type { TaskView } from "#/server/tasks/contract.ts";
import { useTaskActs } from "./task-acts.ts";
import { overdueTasks } from "./task-order.ts";

/** A banner names so many; the panel has all. */
const NAMED_MAX = 3;
const MORE_MINUTES = 10;

/** Tells the commander, and whoever owns one, which tasks are overdue; while nobody commands, everybody who can act. */
export function OverdueBanner() {
  const { incident, tasks } = useRoom().room;
  const me = useMe();
  const now = useNow();
  if (!me.canWrite || !isOpen(incident.status)) return null;
  const commander = incident.roles.find((role) => role.role === "commander")?.holder;
  const isForMe = (task: TaskView) => !commander || commander.id === me.id || task.owner?.id === me.id;
  const late = overdueTasks(tasks, now).filter(isForMe);
  if (late.length === 0) return null;
  const title = late.length === 1 ? "A task is overdue." : `${late.length} tasks are overdue.`;
  return (
    <Banner tone="bad" title={title}>
      <ul className="flex flex-col">
        {late.slice(0, NAMED_MAX).map((task) => (
          <OverdueTask key={task.id} incidentId={incident.id} task={task} />
        ))}
        {late.length > NAMED_MAX && <li className="py-0.5">and {late.length - NAMED_MAX} more</li>}
      </ul>
    </Banner>
  );
}

function OverdueTask({ incidentId, task }: { incidentId: string; task: TaskView }) {
  const { change, isPending } = useTaskActs(incidentId, task);
  const acknowledged = task.acknowledgedAt ? "has it" : "has not acknowledged it";
  return (
    <li className="flex flex-wrap items-center gap-x-2 gap-y-1 py-0.5">
      <span className="min-w-0 wrap-anywhere">
        <b className="font-[550]">{task.title}</b>:{" "}
        {task.owner ? `${task.owner.name} ${acknowledged}` : "nobody has it"},{" "}
        {task.dueAt && <Countdown at={task.dueAt} className="font-semibold" />}
      </span>
      <Button
        size="s"
        className="max-[900px]:min-h-11"
        isPending={isPending}
        onClick={() => void change({ extendMinutes: MORE_MINUTES })}
      >
        +{MORE_MINUTES} min<span className="sr-only"> for {task.title}</span>
      </Button>
    </li>
  );
}
