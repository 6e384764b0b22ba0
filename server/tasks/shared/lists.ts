export const taskStatuses = ["open", "done", "cancelled"] as const;
export type TaskStatus = (typeof taskStatuses)[number];
export const TASK_TITLE_LENGTH_MAX = 300;
export const TASKS_MAX = 200;
/** A week: longer is an action item, not a task. */
export const TASK_MINUTES_MAX = 10_080;
/** By how many minutes a press makes a time box longer. */
export const taskExtensions = [5, 10, 20] as const;
