"use client";

import { api } from "#/components/api/client.ts";
import { useMe } from "#/components/realtime/room/room-provider.tsx";
import { incidentPath } from "#/components/room/incident-path.ts";
import { useAct } from "#/components/room/use-act.ts";
import { Button } from "#/components/ui/button.tsx";
import { toast } from "#/components/ui/toasts.tsx";
import type { RunbookView } from "#/server/runbooks/contract.ts";
import type { TaskView } from "#/server/tasks/contract.ts";

const tasksIn = (count: number) => `${count} task${count === 1 ? "" : "s"}`;

type Props = { incidentId: string; runbook: RunbookView; onMade?: () => void };

/** Makes tasks of the steps that are none yet; what was made can be taken back. */
export function MakeTasks({ incidentId, runbook, onMade }: Props) {
  const { canWrite } = useMe();
  const { act, isPending } = useAct();
  const path = incidentPath(incidentId, "runbooks", runbook.id, "tasks");
  const left = runbook.steps - runbook.stepsMade;
  if (runbook.steps === 0) return null;
  if (left <= 0) return <span className="text-xs text-muted">its {runbook.steps} steps are tasks</span>;
  if (!canWrite) return null;
  async function undo(taskIds: string[]): Promise<void> {
    const { removed } = await api.post<{ removed: number }>(`${path}/undo`, { taskIds });
    const kept = taskIds.length - removed;
    toast(
      kept > 0 ? `${tasksIn(removed)} taken back, ${kept} somebody has touched.` : `${tasksIn(removed)} taken back.`,
    );
  }
  async function make(): Promise<void> {
    const { items } = await api.post<{ items: TaskView[] }>(path);
    if (items.length === 0) return toast("All its steps are tasks already.");
    onMade?.();
    const run = () => void act(() => undo(items.map(({ id }) => id)));
    toast(`${tasksIn(items.length)} from the runbook ${runbook.title}.`, "ok", { label: "Undo", run });
  }
  return (
    <Button size="s" className="max-[900px]:min-h-11" isPending={isPending} onClick={() => void act(make)}>
      Make {left} {runbook.stepsMade > 0 ? "more " : ""}
      {left === 1 ? "task" : "tasks"}
      <span className="sr-only"> from {runbook.title}</span>
    </Button>
  );
}
