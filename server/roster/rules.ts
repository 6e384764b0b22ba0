import {
  ABSENT_AFTER_MS,
  COMMANDER_REMINDER_MS,
  COMMANDER_REMINDERS_MAX,
  ROLE_REMINDER_MS,
  ROLE_REMINDERS_MAX,
} from "./shared/lists.ts";

const time = (at: Date) => `${at.toISOString().slice(11, 16)} UTC`;

type Holding = { role: string; holder: string; heldSince: Date; joinedAt: Date | null; away: Date | null };

/** Why a role cannot be taken over at `now`, in a sentence that says what to do instead; null when it can. Pure. */
export function takeOverRefusal({ role, holder, heldSince, joinedAt, away }: Holding, now: Date): string | null {
  if (!away) {
    return `${holder} has ${role} and has been here since ${time(joinedAt ?? heldSince)}. Ask them to offer it to you.`;
  }
  const from = new Date(away.getTime() + ABSENT_AFTER_MS);
  if (now >= from) return null;
  return `${holder} has ${role} and has been away only since ${time(away)}. You can take over from ${time(from)}, or ask them to offer it.`;
}

/** How long to wait before the next reminder of a role that nobody holds; null when enough were sent. Pure. */
export function reminderPauseMs(role: string, reminded: number): number | null {
  const isCommander = role === "commander";
  if (reminded >= (isCommander ? COMMANDER_REMINDERS_MAX : ROLE_REMINDERS_MAX)) return null;
  return (isCommander ? COMMANDER_REMINDER_MS : ROLE_REMINDER_MS) * 2 ** reminded;
}
