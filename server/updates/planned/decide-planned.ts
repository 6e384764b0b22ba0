import type { Sql } from "#/db/client.ts";
import { userIdOf } from "#/server/access/index.ts";
import { type Ctx, recordAudit } from "#/server/events/index.ts";
import type { IncidentRow } from "#/server/incidents/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { wellFormedText } from "#/server/platform/well-formed.ts";
import { updateRulesAt } from "#/server/settings/index.ts";
import { type ApprovalRule, isApproverOf } from "../shared/planned.ts";
import type { PlannedUpdateView } from "./contract.ts";
import { readPlanned } from "./planned-queries.ts";
import { advance, hindranceOf, recordPlanned } from "./release.ts";
import { requireBypassable } from "./rules.ts";
import { commanderOf, lockPlanned, type PlannedRow, savePlanned } from "./store.ts";

async function ruleFor(tx: Sql, incident: IncidentRow, planned: PlannedRow): Promise<ApprovalRule> {
  return (await updateRulesAt(tx, incident)).approvalFor(planned.audience);
}

function requireWaiting(planned: PlannedRow): void {
  if (planned.state === "waiting") return;
  const by = planned.endedByName ? ` by ${planned.endedByName}` : "";
  const what = planned.state === "scheduled" ? "approved already" : `${planned.state}${by}`;
  throw new AppError("conflict", `This does not wait for approval any more: it was ${what}.`);
}

function requireVersion(planned: PlannedRow, version: number): void {
  if (planned.version === version) return;
  throw new AppError("conflict", "The text was changed after you read it. Read it again, then decide.");
}

/** @throws AppError "conflict" for somebody whose word does not count here, saying whose does */
async function requireApprover(tx: Sql, ctx: Ctx, incident: IncidentRow, planned: PlannedRow, rule: ApprovalRule) {
  const commander = await commanderOf(tx, incident.id);
  const asked = { state: planned.state, rule, askedBy: { id: planned.askedById } };
  if (isApproverOf(asked, userIdOf(ctx.actor) ?? "", commander?.id ?? null)) return;
  if (rule !== "commander") throw new AppError("conflict", "You asked for this: somebody else has to approve it.");
  throw new AppError(
    "conflict",
    commander
      ? `Only the commander, ${commander.name}, approves this.`
      : "Nobody commands this incident: take the role, then approve.",
  );
}

/**
 * Approves the text that was read: it goes out at once, or when its time comes.
 *
 * One transaction with the publishing. Safe to repeat: what was approved already is answered as it stands.
 * @throws AppError "not_found" | "forbidden" | "conflict" when another has to approve, or the text or the incident moved on
 */
export async function approvePlanned(
  ctx: Ctx,
  key: string,
  plannedId: string,
  input: { version: number },
): Promise<PlannedUpdateView> {
  return ctx.db.transaction(async (tx) => {
    const { incident, planned } = await lockPlanned(tx, ctx, key, plannedId);
    const userId = userIdOf(ctx.actor);
    const isDone = planned.state === "scheduled" || planned.state === "published";
    if (isDone && planned.version === input.version && planned.approvedById === userId) {
      return readPlanned(tx, incident, planned.id);
    }
    requireWaiting(planned);
    requireVersion(planned, input.version);
    const rule = await ruleFor(tx, incident, planned);
    await requireApprover(tx, ctx, incident, planned, rule);
    requireNoHindrance(planned, incident);
    const approved = await savePlanned(tx, planned.id, {
      approvedById: userId,
      approvedByName: ctx.actor.name,
      approvedAt: ctx.now(),
      approvedRule: rule,
    });
    await recordPlanned(tx, ctx, approved, "update.approved");
    await advance(tx, ctx, incident, approved);
    return readPlanned(tx, incident, planned.id);
  });
}

function requireNoHindrance(planned: PlannedRow, incident: IncidentRow): void {
  const hindrance = hindranceOf(planned, incident);
  if (hindrance) throw new AppError("conflict", `${hindrance} Decline it with a word, or change it.`);
}

/**
 * Declines what was asked for, with a reason; whoever asked may change it and ask again.
 * One transaction. @throws AppError "not_found" | "forbidden" | "conflict"
 */
export async function declinePlanned(
  ctx: Ctx,
  key: string,
  plannedId: string,
  input: { reason: string },
): Promise<PlannedUpdateView> {
  return ctx.db.transaction(async (tx) => {
    const { incident, planned } = await lockPlanned(tx, ctx, key, plannedId);
    requireWaiting(planned);
    await requireApprover(tx, ctx, incident, planned, await ruleFor(tx, incident, planned));
    const declined = await savePlanned(tx, planned.id, {
      state: "declined",
      reason: wellFormedText(input.reason),
      endedByName: ctx.actor.name,
      endedAt: ctx.now(),
    });
    await recordPlanned(tx, ctx, declined, "update.approval_declined", { reason: declined.reason });
    return readPlanned(tx, incident, planned.id);
  });
}

/**
 * Lets something go out without the approval that it needs, because nobody answered: in one's own name and with a
 * reason, which the timeline and the audit log keep.
 *
 * One transaction with the publishing.
 * @throws AppError "not_found" | "forbidden" | "conflict" also in the first three minutes after it was asked for
 */
export async function bypassApproval(
  ctx: Ctx,
  key: string,
  plannedId: string,
  input: { version: number; reason: string },
): Promise<PlannedUpdateView> {
  return ctx.db.transaction(async (tx) => {
    const { incident, planned } = await lockPlanned(tx, ctx, key, plannedId);
    requireWaiting(planned);
    requireVersion(planned, input.version);
    requireBypassable(planned.askedAt, ctx.now());
    requireNoHindrance(planned, incident);
    const reason = wellFormedText(input.reason);
    const taken = await savePlanned(tx, planned.id, {
      approvedById: userIdOf(ctx.actor),
      approvedByName: ctx.actor.name,
      approvedAt: ctx.now(),
      approvedRule: "none",
      isBypassed: true,
      reason,
    });
    await recordPlanned(tx, ctx, taken, "update.approval_bypassed", { reason });
    await recordAudit(tx, ctx, {
      action: "update.approval_bypass",
      objectKind: "incident",
      objectId: incident.id,
      detail: { reference: incident.reference, plannedId: planned.id, reason },
    });
    await advance(tx, ctx, incident, taken);
    return readPlanned(tx, incident, planned.id);
  });
}
