import { z } from "zod";
import { TASK_MINUTES_MAX, TASK_TITLE_LENGTH_MAX, taskStatuses } from "./shared/lists.ts";

const title = z.string().trim().min(1).max(TASK_TITLE_LENGTH_MAX);
const minutes = z.number().int().min(1).max(TASK_MINUTES_MAX);
const dueAt = z.iso.datetime({ offset: true });

export const createTaskInput = z.object({
  title,
  ownerId: z.string().nullish(),
  /** The time box from now, by the server's clock; `dueAt` is its end. */
  minutes: minutes.optional(),
  dueAt: dueAt.nullish(),
});
export type CreateTaskInput = z.infer<typeof createTaskInput>;

export const changeTaskInput = z
  .object({
    title,
    ownerId: z.string().nullable(),
    dueAt: dueAt.nullable(),
    /** A new time box from now, by the server's clock. */
    minutes,
    /** This much more, from the end of the time box, or from now when it has ended or there is none. */
    extendMinutes: minutes,
    status: z.enum(taskStatuses),
    /** Its owner has it. */
    acknowledged: z.literal(true),
  })
  .partial()
  .refine(
    (change) => [change.dueAt, change.minutes, change.extendMinutes].filter((box) => box !== undefined).length <= 1,
    { path: ["dueAt"], message: "Say only one of dueAt, minutes and extendMinutes." },
  );
export type ChangeTaskInput = z.infer<typeof changeTaskInput>;

const person = z.object({ id: z.string(), name: z.string() });

export const taskView = z.object({
  id: z.string(),
  title: z.string(),
  status: z.enum(taskStatuses),
  owner: person.nullable(),
  dueAt: z.string().nullable(),
  /** When the end of this time box was told. */
  overdueAt: z.string().nullable(),
  acknowledgedAt: z.string().nullable(),
  createdAt: z.string(),
  doneAt: z.string().nullable(),
  doneBy: person.nullable(),
  /** The runbook whose step it is, if it is one. */
  runbookId: z.string().nullable(),
});
export type TaskView = z.infer<typeof taskView>;
