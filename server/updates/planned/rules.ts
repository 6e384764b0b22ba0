import type { IncidentStatus, Severity } from "#/server/incidents/shared/lists.ts";
import { AppError, refuseField } from "#/server/platform/errors.ts";
import type { UpdateStatus } from "../shared/lists.ts";
import { type ApprovalRule, BYPASS_AFTER_MS, SCHEDULE_AHEAD_MAX_MS } from "../shared/planned.ts";
import type { PlannedRow } from "./store.ts";

const DAY_MS = 24 * 3_600_000;

/** @throws AppError "invalid" for a time that is over, or further away than anybody can foresee. Pure. */
export function requireTime(publishAt: Date, now: Date): void {
  if (publishAt <= now) refuseField("/publishAt", "This time is over. Choose one to come, or publish it now.");
  if (publishAt.getTime() - now.getTime() > SCHEDULE_AHEAD_MAX_MS) {
    refuseField("/publishAt", `An update can be scheduled at most ${SCHEDULE_AHEAD_MAX_MS / DAY_MS} days ahead.`);
  }
}

const worked = (status: IncidentStatus) => (status === "triage" ? "investigating" : status);

/**
 * Why an update does not go out any more, in words: the incident ended or went on since it was asked for. Null when it
 * does. An incident that is by now what the update says hinders nothing. Pure.
 */
export function movedOn(asked: IncidentStatus, now: IncidentStatus, status: UpdateStatus): string | null {
  if (worked(asked) === worked(now) || now === status) return null;
  const ended = now === "resolved" || now === "closed" || now === "declined" || now === "merged";
  return ended
    ? `The incident was ${now} meanwhile, and this says ${status}.`
    : `The incident went from ${worked(asked)} to ${now} meanwhile, and this would set it to ${status}.`;
}

type Approvable = Pick<PlannedRow, "approvedAt" | "approvedRule" | "isBypassed" | "approvedById">;

/** Whether nothing more is needed of anybody. A commander's word also counts as the second of two people. Pure. */
export function isSettled(row: Approvable & { askedById: string | null }, rule: ApprovalRule): boolean {
  if (rule === "none") return true;
  if (row.approvedAt === null) return false;
  if (row.isBypassed || row.approvedRule === rule) return true;
  return rule === "two_people" && row.approvedRule === "commander" && row.approvedById !== row.askedById;
}

/** Who has to approve, in words. Pure. */
export function neededText(rule: ApprovalRule, severity: Severity | null): string {
  const at = severity ? `At ${severity} ` : "";
  const who = rule === "commander" ? "the commander approves" : "a second person approves";
  return `${at}${who} what goes out`;
}

/** @throws AppError "conflict" while the approvers still have time to answer. Pure. */
export function requireBypassable(askedAt: Date, now: Date): void {
  const from = new Date(askedAt.getTime() + BYPASS_AFTER_MS);
  if (now >= from) return;
  const at = `${from.toISOString().slice(11, 19)} UTC`;
  throw new AppError("conflict", `It was only just asked for: from ${at} on it can go out without approval.`);
}
