import { z } from "zod";
import { TASK_TITLE_LENGTH_MAX, taskStatuses } from "./shared/lists.ts";

const title = z.string().trim().min(1).max(TASK_TITLE_LENGTH_MAX);

export const createTaskInput = z.object({
  title,
  ownerId: z.string().nullish(),
  /** The time box; `dueAt` is its end. */
  minutes: z.number().int().min(1).max(10_080).optional(),
  dueAt: z.iso.datetime({ offset: true }).nullish(),
});
export type CreateTaskInput = z.infer<typeof createTaskInput>;

export const changeTaskInput = z
  .object({
    title,
    ownerId: z.string().nullable(),
    dueAt: z.iso.datetime({ offset: true }).nullable(),
    status: z.enum(taskStatuses),
    acknowledged: z.literal(true),
  })
  .partial();
export type ChangeTaskInput = z.infer<typeof changeTaskInput>;

export const taskView = z.object({
  id: z.string(),
  title: z.string(),
  status: z.enum(taskStatuses),
  owner: z.object({ id: z.string(), name: z.string() }).nullable(),
  dueAt: z.string().nullable(),
  acknowledgedAt: z.string().nullable(),
  createdAt: z.string(),
  doneAt: z.string().nullable(),
});
export type TaskView = z.infer<typeof taskView>;
