export { changeTask } from "./change-task.ts";
export { createTask } from "./create-task.ts";
export { listTasks } from "./task-queries.ts";
export { registerTaskJobs, requeueTaskBoxes, tellBoxEnded } from "./time-box.ts";
export { makeRunbookTasks, undoRunbookTasks } from "./use-runbook.ts";
