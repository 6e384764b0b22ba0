export const taskStatuses = ["open", "done", "cancelled"] as const;
export type TaskStatus = (typeof taskStatuses)[number];
export const TASK_TITLE_LENGTH_MAX = 300;
export const TASKS_MAX = 200;
