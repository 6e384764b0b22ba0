"use client";

import { useEffect, useState } from "react";
import { useMe } from "#/components/realtime/room/room-provider.tsx";
import { Button } from "#/components/ui/button.tsx";
import { cx } from "#/components/ui/cx.ts";
import { Menu } from "#/components/ui/menu.tsx";
import { Countdown, Time } from "#/components/ui/time.tsx";
import type { TaskView } from "#/server/tasks/contract.ts";
import { taskExtensions } from "#/server/tasks/shared/lists.ts";
import { EditTask } from "./edit-task.tsx";
import { useTaskActs } from "./task-acts.ts";

type Props = { incidentId: string; task: TaskView };

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

/** One task: done or not, whose, whether they have it, and the rest of its time box. */
export function TaskRow({ incidentId, task }: Props) {
  const me = useMe();
  const [isEditing, setEditing] = useState(false);
  const { change, cancel, isPending } = useTaskActs(incidentId, task);
  const { isTicked, tick } = useTick(task, (status) => change({ status }));
  const isDone = task.status === "done";
  if (isEditing) {
    return (
      <li>
        <EditTask incidentId={incidentId} task={task} onClose={() => setEditing(false)} />
      </li>
    );
  }
  const isMineUnseen = task.owner?.id === me.id && !task.acknowledgedAt;
  const pressable = "max-[900px]:min-h-11";
  return (
    <li className="grid grid-cols-[20px_minmax(0,1fr)_auto] items-start gap-2 border-b border-line py-1.5 text-s max-[900px]:grid-cols-[28px_minmax(0,1fr)_auto]">
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
          <Whose task={task} />
        </p>
        {me.canWrite && !isDone && (isMineUnseen || !task.owner) && (
          <div className="mt-1">
            {isMineUnseen ? (
              <Button
                size="s"
                variant="primary"
                className={pressable}
                isPending={isPending}
                onClick={() => void change({ acknowledged: true })}
              >
                I have it
              </Button>
            ) : (
              <Button
                size="s"
                className={pressable}
                isPending={isPending}
                onClick={() => void change({ ownerId: me.id, acknowledged: true })}
              >
                Take it
              </Button>
            )}
          </div>
        )}
      </div>
      <div className="flex items-start gap-1">
        {!isDone && task.dueAt && (
          <Countdown
            at={task.dueAt}
            className="pt-0.5 font-mono text-xs text-muted"
            lateClassName="pt-0.5 text-xs font-semibold whitespace-nowrap text-bad"
          />
        )}
        {me.canWrite && !isDone && (
          <Menu
            label={`More for ${task.title}`}
            variant="quiet"
            size="s"
            align="end"
            className="-mt-1 -mr-2 max-[900px]:-mt-2.5 max-[900px]:[&>button]:size-11"
            items={[
              ...taskExtensions.map((minutes) => ({
                label: `+${minutes} min`,
                onSelect: () => void change({ extendMinutes: minutes }),
              })),
              { label: "Edit", hint: "Words, owner, time box", onSelect: () => setEditing(true) },
              { label: "Cancel task", onSelect: () => void cancel() },
            ]}
          >
            ⋯
          </Menu>
        )}
      </div>
    </li>
  );
}

/** Whose a task is, and whether they have it; when it is done, who did it. */
function Whose({ task }: { task: TaskView }) {
  if (task.status === "done") {
    return (
      <>
        done{task.doneBy && ` by ${task.doneBy.name}`}
        {task.doneAt && (
          <>
            {" "}
            at <Time at={task.doneAt} />
          </>
        )}
      </>
    );
  }
  if (!task.owner) return "Nobody's yet";
  return `${task.owner.name} · ${task.acknowledgedAt ? "has it" : "not acknowledged yet"}`;
}
