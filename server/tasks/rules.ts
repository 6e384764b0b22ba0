import type { tasks } from "#/db/schema/index.ts";
import { type IncidentStatus, isOpen } from "#/server/incidents/shared/lists.ts";
import { AppError } from "#/server/platform/errors.ts";
import { wellFormedText } from "#/server/platform/well-formed.ts";
import type { ChangeTaskInput } from "./contract.ts";

export type TaskRow = typeof tasks.$inferSelect;
type Changed = Partial<TaskRow>;
type By = { userId: string | null; now: Date };

const MINUTE_MS = 60_000;

/** The end of a time box that starts at `from`. Pure. */
export function boxEnd(from: Date, minutes: number): Date {
  return new Date(from.getTime() + minutes * MINUTE_MS);
}

function changedOwner(before: TaskRow, change: ChangeTaskInput, { userId, now }: By): Changed {
  const ownerId = change.ownerId === undefined ? before.ownerId : change.ownerId;
  const isNew = ownerId !== before.ownerId;
  // What one gives oneself, one has.
  const isOwn = ownerId !== null && ownerId === userId;
  if (change.acknowledged && !isOwn) {
    throw new AppError("conflict", "Only its owner can say that they have it. Take the task first.");
  }
  if (isNew) return { ownerId, acknowledgedAt: isOwn ? now : null };
  return change.acknowledged && !before.acknowledgedAt ? { acknowledgedAt: now } : {};
}

function changedBox(before: TaskRow, { dueAt, minutes, extendMinutes }: ChangeTaskInput, { now }: By): Changed {
  const end = () => {
    if (minutes !== undefined) return boxEnd(now, minutes);
    if (extendMinutes !== undefined) {
      return boxEnd(before.dueAt && before.dueAt > now ? before.dueAt : now, extendMinutes);
    }
    if (dueAt === undefined) return before.dueAt;
    return dueAt === null ? null : new Date(dueAt);
  };
  const after = end();
  return after?.getTime() === before.dueAt?.getTime() ? {} : { dueAt: after, overdueAt: null };
}

function changedStatus(before: TaskRow, { status }: ChangeTaskInput, { userId, now }: By): Changed {
  if (status === undefined || status === before.status) return {};
  const isDone = status === "done";
  return { status, doneAt: isDone ? now : null, doneById: isDone ? userId : null };
}

/**
 * What a change alters of a task: only what it names and what is different. Pure.
 * A new owner has not acknowledged; a new time box has not been told of.
 * @throws AppError "conflict" when somebody acknowledges for another
 */
export function changedTask(before: TaskRow, change: ChangeTaskInput, by: By): Changed {
  const title = change.title === undefined ? before.title : wellFormedText(change.title);
  return {
    ...(title !== before.title && { title }),
    ...changedOwner(before, change, by),
    ...changedBox(before, change, by),
    ...changedStatus(before, change, by),
  };
}

/** Whether the end of a time box has still to be told: the same box, not told, of a task and incident that are open. Pure. */
export function isBoxToTell(task: TaskRow, incident: { status: IncidentStatus }, dueAt: Date): boolean {
  if (task.status !== "open" || task.overdueAt || !isOpen(incident.status)) return false;
  return task.dueAt?.getTime() === dueAt.getTime();
}
