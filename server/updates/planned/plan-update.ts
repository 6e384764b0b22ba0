import { and, count, eq, inArray } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { plannedUpdates } from "#/db/schema/index.ts";
import { requireAbility, userIdOf } from "#/server/access/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { accessTo, type IncidentRow, lockIncident } from "#/server/incidents/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { wellFormed } from "#/server/platform/well-formed.ts";
import { updateRulesAt } from "#/server/settings/index.ts";
import { endDraft } from "../change-draft.ts";
import { lockUpdate, requireStillPublic } from "../correct-update.ts";
import { requireNothingNew } from "../publish-update.ts";
import { requireConsistent, requirePublishable } from "../rules.ts";
import type { Audience } from "../shared/lists.ts";
import { needsNobodyElse, openPlannedStates, PLANNED_MAX } from "../shared/planned.ts";
import type { ChangePlannedInput, PlannedUpdateView, PlanUpdateInput } from "./contract.ts";
import { readPlanned } from "./planned-queries.ts";
import { advance, recordPlanned } from "./release.ts";
import { requireTime } from "./rules.ts";
import { commanderOf, contentOf, lockPlanned, type PlannedRow, savePlanned } from "./store.ts";

type Content = Pick<PlannedRow, "kind" | "audience" | "content" | "correctsId">;

const withoutApproval = {
  approvedById: null,
  approvedByName: null,
  approvedAt: null,
  approvedRule: null,
  isBypassed: false,
  reason: "",
  endedByName: null,
  endedAt: null,
} as const;

/** What belongs to the moment of writing: it says nothing any more when the update goes out. */
const ofTheMoment = ["seen", "isDraft"];
const lasting = <T extends object>(content: T) =>
  Object.fromEntries(Object.entries(content).filter(([name]) => !ofTheMoment.includes(name)));

/** What is asked for, checked as if it went out now. */
async function contentIn(tx: Sql, ctx: Ctx, incident: IncidentRow, input: PlanUpdateInput): Promise<Content> {
  if (input.update) {
    const update = wellFormed(input.update) as NonNullable<PlanUpdateInput["update"]>;
    requireConsistent(update, ctx.now());
    requirePublishable(incident, update.status);
    await requireNothingNew(tx, incident, update.seen);
    return { kind: "update", audience: update.audience ?? "public", content: lasting(update), correctsId: null };
  }
  const given = wellFormed(input.correction) as NonNullable<PlanUpdateInput["correction"]>;
  const { updateId, ...correction } = given;
  const { update } = await lockUpdate(tx, ctx, incident.id, updateId);
  requireStillPublic(incident);
  return { kind: "correction", audience: update.audience, content: correction, correctsId: update.id };
}

/** The approval that somebody brings along: a commander needs nobody else's. */
async function ownApproval(tx: Sql, ctx: Ctx, incident: IncidentRow, audience: Audience): Promise<Partial<PlannedRow>> {
  const rule = (await updateRulesAt(tx, incident)).approvalFor(audience);
  const userId = userIdOf(ctx.actor);
  const commander = await commanderOf(tx, incident.id);
  if (rule === "none" || !needsNobodyElse(rule, userId, commander?.id ?? null)) return {};
  return { approvedById: userId, approvedByName: ctx.actor.name, approvedAt: ctx.now(), approvedRule: rule };
}

async function requireRoom(tx: Sql, incidentId: string): Promise<void> {
  const open = and(eq(plannedUpdates.incidentId, incidentId), inArray(plannedUpdates.state, [...openPlannedStates]));
  const [found] = await tx.select({ n: count() }).from(plannedUpdates).where(open);
  if ((found?.n ?? 0) < PLANNED_MAX) return;
  throw new AppError("conflict", `${PLANNED_MAX} updates wait already: publish, cancel or discard one of them first.`);
}

const asker = (ctx: Ctx) => ({ askedById: userIdOf(ctx.actor), askedByName: ctx.actor.name, askedAt: ctx.now() });

/**
 * Asks for the approval of an update or a correction, schedules it, or both. What needs neither goes out at once.
 *
 * One transaction with its events and jobs, and the end of the draft's fields if it was the draft. Not repeat-safe by itself: the HTTP layer's Idempotency-Key is.
 * @throws AppError "not_found" | "forbidden" | "invalid" | "conflict" | "stale" when `seen` is not so any more
 */
export async function planUpdate(ctx: Ctx, key: string, input: PlanUpdateInput): Promise<PlannedUpdateView> {
  const publishAt = input.publishAt ? new Date(input.publishAt) : null;
  return ctx.db.transaction(async (tx) => {
    const incident = await lockIncident(tx, ctx, key);
    requireAbility(ctx.actor, "updates.publish", await accessTo(tx, ctx, incident));
    if (publishAt) requireTime(publishAt, ctx.now());
    const content = await contentIn(tx, ctx, incident, input);
    await requireRoom(tx, incident.id);
    const values = {
      ...content,
      ...asker(ctx),
      ...(await ownApproval(tx, ctx, incident, content.audience)),
      incidentId: incident.id,
      incidentStatus: incident.status,
      state: "waiting" as const,
      publishAt,
      createdAt: ctx.now(),
    };
    const [row] = await tx.insert(plannedUpdates).values(values).returning();
    if (!row) throw new Error("an inserted planned update was not returned");
    if (input.update?.isDraft) await endDraft(tx, incident.id);
    const after = await advance(tx, ctx, incident, row);
    if (after.state === "scheduled") await recordPlanned(tx, ctx, after, "update.planned");
    return readPlanned(tx, incident, after.id);
  });
}

function contentOfChange(row: PlannedRow, input: ChangePlannedInput): Record<string, unknown> {
  if (row.kind === "update" && input.correction) throw new AppError("invalid", "This is an update, not a correction.");
  if (row.kind === "correction" && input.update) throw new AppError("invalid", "This is a correction, not an update.");
  const given = row.kind === "update" ? input.update : input.correction;
  return given ? lasting(wellFormed(given) as Record<string, unknown>) : row.content;
}

/** The same text for the same content: the database keeps the fields of an object in an order of its own, at every depth. */
const canonical = (content: unknown) =>
  JSON.stringify(content, (_, value: unknown) =>
    value !== null && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );

function requireChangeable(row: PlannedRow, version: number | undefined): void {
  if (!(openPlannedStates as readonly string[]).includes(row.state)) {
    throw new AppError("conflict", `This was ${row.state}: it cannot be changed any more.`);
  }
  if (version !== undefined && version !== row.version) {
    throw new AppError("conflict", "Somebody changed the text meanwhile. Read it again, then change it.");
  }
}

/**
 * Changes the text or the time of a planned update. A changed text withdraws its approval and asks anew, in the name of
 * whoever changed it; so does changing one that was declined or refused. A changed time alone keeps the approval.
 *
 * One transaction. @throws AppError "not_found" | "forbidden" | "invalid" | "conflict"
 */
export async function changePlanned(
  ctx: Ctx,
  key: string,
  plannedId: string,
  input: ChangePlannedInput,
): Promise<PlannedUpdateView> {
  return ctx.db.transaction(async (tx) => {
    const { incident, planned: before } = await lockPlanned(tx, ctx, key, plannedId);
    requireChangeable(before, input.version);
    const publishAt =
      input.publishAt === undefined ? before.publishAt : input.publishAt === null ? null : new Date(input.publishAt);
    if (publishAt && input.publishAt !== undefined) requireTime(publishAt, ctx.now());
    const content = contentOfChange(before, input);
    const isNewText = canonical(content) !== canonical(before.content);
    const isAskedAgain =
      before.state === "declined" || before.state === "refused" || before.incidentStatus !== incident.status;
    const isNewTime = publishAt?.getTime() !== before.publishAt?.getTime();
    if (!isNewText && !isAskedAgain && !isNewTime) return readPlanned(tx, incident, before.id);
    const row = await savePlanned(tx, before.id, { publishAt });
    const isAnew = isNewText || isAskedAgain;
    const asked = isAnew ? await askAnew(tx, ctx, incident, row, content) : row;
    // Who waits for an answer is not asked again for another time alone.
    const after = asked.state === "waiting" && !isAnew ? asked : await advance(tx, ctx, incident, asked);
    // That it is asked for again, or out, says itself.
    const isSaid = (after.state === "waiting" && isAnew) || after.state === "published";
    if (!isSaid) await recordPlanned(tx, ctx, after, "update.plan_changed", { text: isNewText, time: isNewTime });
    return readPlanned(tx, incident, before.id);
  });
}

async function askAnew(
  tx: Sql,
  ctx: Ctx,
  incident: IncidentRow,
  row: PlannedRow,
  content: Record<string, unknown>,
): Promise<PlannedRow> {
  if (row.kind === "update") {
    const update = contentOf({ content }).update();
    requireConsistent(update, ctx.now());
    requirePublishable(incident, update.status);
    // Another audience has other approvers: what is asked for is the new one.
    row = await savePlanned(tx, row.id, { audience: update.audience ?? "public" });
  }
  return savePlanned(tx, row.id, {
    ...withoutApproval,
    ...asker(ctx),
    ...(await ownApproval(tx, ctx, incident, row.audience)),
    content,
    contentBefore: row.content,
    version: row.version + 1,
    state: "waiting",
    incidentStatus: incident.status,
  });
}

/**
 * Takes a planned update back, or puts one away that was declined or refused. The timeline keeps it.
 * One transaction, safe to repeat. @throws AppError "not_found" | "forbidden" | "conflict" when it is out
 */
export async function cancelPlanned(ctx: Ctx, key: string, plannedId: string): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const { planned: before } = await lockPlanned(tx, ctx, key, plannedId);
    if (before.state === "cancelled") return;
    if (before.state === "published") throw new AppError("conflict", "This is published: correct it instead.");
    const ended = { state: "cancelled" as const, endedAt: ctx.now(), endedByName: ctx.actor.name };
    const row = await savePlanned(tx, before.id, ended);
    await recordPlanned(tx, ctx, row, "update.plan_cancelled", { from: before.state });
  });
}
