import { AppError, refuseField } from "#/server/platform/errors.ts";
import { isEnded, MAINTENANCE_AHEAD_DAYS_MAX, MAINTENANCE_DAYS_MAX, type MaintenanceStatus } from "./shared/lists.ts";
import { maintenanceStatusWords } from "./shared/words.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** A start this long ago still means *now*: forms know minutes, and people take a while to fill them in. */
const START_GRACE_MS = 15 * MINUTE_MS;

export type Window = { fromAt: Date; untilAt: Date };
export type Planned = Window & {
  status: MaintenanceStatus;
  verifyMinutes: number;
  reminders: readonly number[];
  reminded: readonly number[];
};

/** @throws AppError "invalid" for a window that cannot be. Pure. */
export function requireWindow(given: Window & { verifyMinutes: number }, now: Date, isNew: boolean): void {
  const { fromAt, untilAt, verifyMinutes } = given;
  if (untilAt <= now) refuseField("/until", "It has to end in the future.");
  if (untilAt <= fromAt) refuseField("/until", "It has to end after its start.");
  const lengthMs = untilAt.getTime() - fromAt.getTime();
  if (lengthMs > MAINTENANCE_DAYS_MAX * DAY_MS) {
    refuseField("/until", `A maintenance lasts at most ${MAINTENANCE_DAYS_MAX} days.`);
  }
  if (isNew && fromAt.getTime() < now.getTime() - START_GRACE_MS) refuseField("/from", "It begins in the past.");
  if (fromAt.getTime() - now.getTime() > MAINTENANCE_AHEAD_DAYS_MAX * DAY_MS) {
    refuseField("/from", `It can be planned at most ${MAINTENANCE_AHEAD_DAYS_MAX} days ahead.`);
  }
  if (verifyMinutes * MINUTE_MS >= lengthMs)
    refuseField("/verifyMinutes", "Verifying takes less than the whole of it.");
}

const following: Record<MaintenanceStatus, readonly MaintenanceStatus[]> = {
  scheduled: ["in_progress"],
  in_progress: ["verifying", "completed"],
  verifying: ["in_progress", "completed"],
  completed: [],
  cancelled: [],
};

/** @throws AppError "conflict" when this status cannot follow. The same again is no change. Pure. */
export function requireFollowing(before: MaintenanceStatus, after: MaintenanceStatus): void {
  if (before === after || following[before].includes(after)) return;
  if (isEnded(before)) throw new AppError("conflict", `This maintenance is ${before}: schedule another one.`);
  throw new AppError(
    "conflict",
    `What is ${maintenanceStatusWords[before].toLowerCase()} does not become ${maintenanceStatusWords[after].toLowerCase()} at once.`,
  );
}

/** @throws AppError "conflict" for one that is over. Pure. */
export function requireNotEnded(status: MaintenanceStatus): void {
  if (isEnded(status)) throw new AppError("conflict", `This maintenance is ${status}: it stays as it was.`);
}

function reminderAt({ fromAt }: Pick<Window, "fromAt">, minutes: number): Date {
  return new Date(fromAt.getTime() - minutes * MINUTE_MS);
}

/** Reminders whose time was over already when the start was set: the announcement itself says it then. Pure. */
export function pastReminders(row: Pick<Planned, "fromAt" | "reminders">, now: Date): number[] {
  return row.reminders.filter((minutes) => reminderAt(row, minutes) <= now);
}

/** When people are reminded next, or null. Pure. */
export function nextReminder(row: Planned): Date | null {
  if (row.status !== "scheduled") return null;
  const left = row.reminders.filter((minutes) => !row.reminded.includes(minutes));
  return left.length > 0 ? reminderAt(row, Math.max(...left)) : null;
}

/** What time alone asks for: one thing after the other. `isLate`: the whole window passed before. */
export type Step =
  | { do: "remind"; reminded: number[] }
  | { do: "start"; isLate: boolean }
  | { do: "verify" }
  | { do: "complete" };

function verifyAt({ untilAt, verifyMinutes }: Pick<Planned, "untilAt" | "verifyMinutes">): Date {
  return new Date(untilAt.getTime() - verifyMinutes * MINUTE_MS);
}

/** What is due at this instant, or null. Pure. */
export function dueStep(row: Planned, now: Date): Step | null {
  if (row.status === "scheduled") {
    if (row.fromAt <= now) return { do: "start", isLate: row.untilAt <= now };
    const due = pastReminders(row, now).filter((minutes) => !row.reminded.includes(minutes));
    return due.length > 0 ? { do: "remind", reminded: [...row.reminded, ...due] } : null;
  }
  if (isEnded(row.status)) return null;
  if (row.untilAt <= now) return { do: "complete" };
  const isToVerify = row.status === "in_progress" && row.verifyMinutes > 0 && verifyAt(row) <= now;
  return isToVerify ? { do: "verify" } : null;
}

/** When something is due next, or null once it is over. Pure. */
export function nextDueAt(row: Planned): Date | null {
  if (isEnded(row.status)) return null;
  if (row.status === "scheduled") return nextReminder(row) ?? row.fromAt;
  return row.status === "in_progress" && row.verifyMinutes > 0 ? verifyAt(row) : row.untilAt;
}
