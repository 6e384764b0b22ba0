"use client";

import { api } from "#/components/api/client.ts";
import { useMe } from "#/components/realtime/room/room-provider.tsx";
import { incidentPath } from "#/components/room/incident-path.ts";
import { useAct } from "#/components/room/use-act.ts";
import { Button } from "#/components/ui/button.tsx";
import { cx } from "#/components/ui/cx.ts";
import { Countdown } from "#/components/ui/time.tsx";
import type { ChangeTaskInput, TaskView } from "#/server/tasks/contract.ts";

/** One task: done or not, whose, seen or not, and the rest of its time box. */
export function TaskRow({ incidentId, task }: { incidentId: string; task: TaskView }) {
  const me = useMe();
  const { act, isPending } = useAct();
  const change = (to: ChangeTaskInput) => void act(() => api.patch(incidentPath(incidentId, "tasks", task.id), to));
  const isDone = task.status === "done";
  const isMineUnseen = task.owner?.id === me.id && !task.acknowledgedAt && !isDone;
  return (
    <li className="grid grid-cols-[20px_minmax(0,1fr)_auto] items-start gap-2 max-[900px]:grid-cols-[28px_minmax(0,1fr)_auto] border-b border-line py-1.5 text-s">
      <input
        type="checkbox"
        aria-label={`Done: ${task.title}`}
        checked={isDone}
        disabled={!me.canWrite || isPending}
        onChange={() => change({ status: isDone ? "open" : "done" })}
        className="mt-0.5 size-4 accent-ok max-[900px]:size-6"
      />
      <div className="min-w-0">
        <p className={cx("wrap-anywhere", isDone && "text-muted")}>{task.title}</p>
        <p className="text-xs text-muted">
          {task.owner?.name ?? "Nobody's yet"}
          {task.owner && !isDone && (task.acknowledgedAt ? " · seen" : " · not seen yet")}
        </p>
      </div>
      <div className="flex flex-col items-end gap-1">
        {isDone ? (
          <span className="text-xs text-muted">done</span>
        ) : (
          task.dueAt && (
            <Countdown at={task.dueAt} className="font-mono text-xs text-warn" lateClassName="text-xs text-bad" />
          )
        )}
        {me.canWrite && isMineUnseen && (
          <Button size="s" isPending={isPending} onClick={() => change({ acknowledged: true })}>
            I have seen it
          </Button>
        )}
        {me.canWrite && !task.owner && !isDone && (
          <Button size="s" isPending={isPending} onClick={() => change({ ownerId: me.id, acknowledged: true })}>
            Take it
          </Button>
        )}
      </div>
    </li>
  );
}
