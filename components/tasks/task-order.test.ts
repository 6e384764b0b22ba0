import { describe, expect, test } from "vitest";
import type { TaskView } from "#/server/tasks/contract.ts";
import { orderedTasks, overdueTasks } from "./task-order.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 10, minute)).toISOString();
function task(title: string, has: Partial<TaskView> = {}): TaskView {
  return {
    id: title,
    title,
    status: "open",
    owner: null,
    dueAt: null,
    overdueAt: null,
    acknowledgedAt: null,
    createdAt: at(0),
    doneAt: null,
    doneBy: null,
    runbookId: null,
    ...has,
  };
}
const titles = (tasks: readonly TaskView[]) => tasks.map((each) => each.title);

describe("tasks in the room", () => {
  test("open ones come first, by the end of their time box; steps keep their order", () => {
    const { shown, cancelled } = orderedTasks([
      task("done", { status: "done", dueAt: at(1) }),
      task("step 1"),
      task("step 2"),
      task("late box", { dueAt: at(9) }),
      task("gone", { status: "cancelled" }),
      task("early box", { dueAt: at(5) }),
      task("older", { createdAt: at(-5) }),
    ]);
    expect(titles(shown)).toEqual(["early box", "late box", "older", "step 1", "step 2", "done"]);
    expect(titles(cancelled)).toEqual(["gone"]);
  });

  test("are overdue from the end of their box on, while they are open", () => {
    const tasks = [
      task("now", { dueAt: at(5) }),
      task("longer", { dueAt: at(2) }),
      task("not yet", { dueAt: at(6) }),
      task("no box"),
      task("done", { dueAt: at(1), status: "done" }),
      task("cancelled", { dueAt: at(1), status: "cancelled" }),
    ];
    expect(titles(overdueTasks(tasks, Date.parse(at(5))))).toEqual(["longer", "now"]);
  });
});
