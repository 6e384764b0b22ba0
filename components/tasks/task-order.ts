import type { TaskView } from "#/server/tasks/contract.ts";

/** Tasks as the room shows them: open ones by the end of their time box, then what is done; cancelled ones apart. Pure. */
export function orderedTasks(tasks: readonly TaskView[]): { shown: TaskView[]; cancelled: TaskView[] } {
  const rank = (task: TaskView) => (task.status === "open" ? 0 : 1);
  const end = (task: TaskView) =>
    task.dueAt && task.status === "open" ? Date.parse(task.dueAt) : Number.MAX_SAFE_INTEGER;
  // What is equal keeps the order of the list: the steps of a runbook stay in their order.
  const shown = tasks
    .filter((task) => task.status !== "cancelled")
    .sort((a, b) => rank(a) - rank(b) || end(a) - end(b) || Date.parse(a.createdAt) - Date.parse(b.createdAt));
  return { shown, cancelled: tasks.filter((task) => task.status === "cancelled") };
}

/** Open tasks whose time box is over, the one that is late the longest first. Pure. */
export function overdueTasks(tasks: readonly TaskView[], now: number): TaskView[] {
  const isOver = (task: TaskView) => task.status === "open" && task.dueAt !== null && Date.parse(task.dueAt) <= now;
  return orderedTasks(tasks.filter(isOver)).shown;
}
