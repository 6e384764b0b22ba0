"use client";

import { api } from "#/components/api/client.ts";
import { incidentPath } from "#/components/room/incident-path.ts";
import { useAct } from "#/components/room/use-act.ts";
import { toast } from "#/components/ui/toasts.tsx";
import type { ChangeTaskInput, TaskView } from "#/server/tasks/contract.ts";

/** What a press does to a task; what goes wrong is said in passing. */
export function useTaskActs(incidentId: string, task: Pick<TaskView, "id" | "title">) {
  const { act, isPending } = useAct();
  const change = (to: ChangeTaskInput) => act(() => api.patch(incidentPath(incidentId, "tasks", task.id), to));
  async function cancel(): Promise<void> {
    if (!(await change({ status: "cancelled" }))) return;
    toast(`Cancelled: ${task.title}`, "ok", { label: "Undo", run: () => void change({ status: "open" }) });
  }
  return { change, cancel, isPending };
}
