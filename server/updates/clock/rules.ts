import { type Cadence, overdueSteps, type Pace } from "../shared/cadence.ts";

const MINUTE_MS = 60_000;

type Clock = { pace: Pace; hasSpoken: boolean; startedAt: Date };

/** How long people wait for the next word, in minutes; 0 when none is due. Pure. */
export function minutesOf({ pace, hasSpoken }: Omit<Clock, "startedAt">, cadence: Cadence): number {
  if (!hasSpoken) return cadence.firstMinutes;
  return pace === "long" ? cadence.longMinutes : cadence.everyMinutes;
}

/**
 * When the next word is due by the clock, or null. A time that was over before anybody could know of it, because the
 * severity rose late, counts from now. Pure.
 */
export function dueBy(clock: Clock, cadence: Cadence, now: Date): Date | null {
  const minutes = minutesOf(clock, cadence);
  if (minutes === 0) return null;
  const due = new Date(clock.startedAt.getTime() + minutes * MINUTE_MS);
  return due > now ? due : new Date(now.getTime() + Math.min(minutes, cadence.firstMinutes || minutes) * MINUTE_MS);
}

/**
 * Which step an update that is due is at, and when the next one is: the last whose time has come, so that what was
 * slept through is told once. Pure.
 */
export function stepAt(dueAt: Date, now: Date): { step: number; nextAt: Date | null } {
  const late = now.getTime() - dueAt.getTime();
  const at = overdueSteps.findLastIndex((minutes) => minutes * MINUTE_MS <= late);
  const step = Math.max(at, 0);
  const next = overdueSteps[step + 1];
  return { step, nextAt: next === undefined ? null : new Date(dueAt.getTime() + next * MINUTE_MS) };
}
