"use client";

import { useEffect, useState } from "react";
import { api } from "#/components/api/client.ts";
import { useMe } from "#/components/realtime/room/room-provider.tsx";
import { incidentPath } from "#/components/room/incident-path.ts";
import { useAct } from "#/components/room/use-act.ts";
import { Button } from "#/components/ui/button.tsx";
import { cx } from "#/components/ui/cx.ts";
import { Countdown } from "#/components/ui/time.tsx";
import type { ChangeTaskInput, TaskView } from "#/server/tasks/contract.ts";

/** What the box shows: the tick at once, taken back if the server refuses; from then on what everyone sees. */
function useTick(task: TaskView, save: (status: TaskView["status"]) => Promise<boolean>) {
  const [wanted, setWanted] = useState<TaskView["status"] | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the room's answer ends the wish, whatever it was.
  useEffect(() => setWanted(null), [task.status]);
  const shown = wanted ?? task.status;
  async function tick(): Promise<void> {
    const next = shown === "done" ? "open" : "done";
    setWanted(next);
    if (!(await save(next))) setWanted(null);
  }
  return { isTicked: shown === "done", tick };
}

/** One task: done or not, whose, seen or not, and the rest of its time box. */
export function TaskRow({ incidentId, task }: { incidentId: string; task: TaskView }) {
  const me = useMe();
  const { act, isPending } = useAct();
  const change = (to: ChangeTaskInput) => act(() => api.patch(incidentPath(incidentId, "tasks", task.id), to));
  const { isTicked, tick } = useTick(task, (status) => change({ status }));
  const isDone = task.status === "done";
  const isMineUnseen = task.owner?.id === me.id && !task.acknowledgedAt && !isDone;
  return (
    <li className="grid grid-cols-[20px_minmax(0,1fr)_auto] items-start gap-2 max-[900px]:grid-cols-[28px_minmax(0,1fr)_auto] border-b border-line py-1.5 text-s">
      <input
        type="checkbox"
        aria-label={`Done: ${task.title}`}
        checked={isTicked}
        disabled={!me.canWrite}
        onChange={() => void tick()}
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
          <Button size="s" isPending={isPending} onClick={() => void change({ acknowledged: true })}>
            I have seen it
          </Button>
        )}
        {me.canWrite && !task.owner && !isDone && (
          <Button size="s" isPending={isPending} onClick={() => void change({ ownerId: me.id, acknowledged: true })}>
            Take it
          </Button>
        )}
      </div>
    </li>
  );
}
