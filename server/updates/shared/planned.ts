/** Who has to agree before an update goes out: nobody, the commander, or a second person beside the one who asks. */
export const approvalRules = ["none", "commander", "two_people"] as const;
export type ApprovalRule = (typeof approvalRules)[number];

/** What a planned update is: a new one, or a correction of what is out. */
export const plannedKinds = ["update", "correction"] as const;
export type PlannedKind = (typeof plannedKinds)[number];

/** `waiting` for approval, `scheduled` for its time; `declined` and `refused` wait for somebody to look; the others are over. */
export const plannedStates = ["waiting", "scheduled", "declined", "refused", "published", "cancelled"] as const;
export type PlannedState = (typeof plannedStates)[number];
/** States that a room shows: somebody has something to do. */
export const openPlannedStates = ["waiting", "scheduled", "declined", "refused"] as const;

/** Nobody answered for this long: it may go out without, by name and with a reason. */
export const BYPASS_AFTER_MS = 3 * 60_000;
/** More than this beside each other nobody keeps apart. */
export const PLANNED_MAX = 10;
/** An incident that lasts longer than this is planned anew. */
export const SCHEDULE_AHEAD_MAX_MS = 30 * 24 * 3_600_000;
/** What comes later than this after its time, because the server was away, says something old. */
export const SCHEDULE_LATE_MAX_MS = 30 * 60_000;

type Asked = { state: PlannedState; rule: ApprovalRule; askedBy: { id: string | null } };

/** Whether a person is one of those who can let it out now: the commander, anybody but who asked, or anybody where no rule asks for approval any more. Pure. */
export function isApproverOf(planned: Asked, userId: string, commanderId: string | null): boolean {
  if (planned.state !== "waiting") return false;
  if (planned.rule === "none") return true;
  if (planned.rule === "commander") return userId === commanderId;
  return userId !== planned.askedBy.id;
}

/** Whether somebody's own update goes out without asking. Pure. */
export function needsNobodyElse(rule: ApprovalRule, userId: string | null, commanderId: string | null): boolean {
  return rule === "none" || (rule === "commander" && userId !== null && userId === commanderId);
}
