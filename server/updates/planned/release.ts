import { and, eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { updates } from "#/db/schema/index.ts";
import { type Ctx, type EventType, recordEvent } from "#/server/events/index.ts";
import type { IncidentRow } from "#/server/incidents/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { updateRulesAt } from "#/server/settings/index.ts";
import { correctInTransaction, requireStillPublic } from "../correct-update.ts";
import { publishInTransaction } from "../publish-update.ts";
import type { ApprovalRule } from "../shared/planned.ts";
import { isSettled, movedOn } from "./rules.ts";
import { contentOf, ctxOfAsker, type PlannedRow, savePlanned } from "./store.ts";

/** Publishes a scheduled update when its time has come. */
export const PUBLISH_PLANNED_JOB = "updates.publish_planned";

/** Why a planned update would not go out now, in words; null when it would. Corrections speak of what is out, whatever came since. */
export function hindranceOf(row: PlannedRow, incident: Pick<IncidentRow, "status">): string | null {
  if (row.kind === "correction") return null;
  return movedOn(row.incidentStatus, incident.status, contentOf(row).update().status);
}

/** What the timeline keeps of a planned update. */
export function eventData(row: PlannedRow): Record<string, unknown> {
  return {
    plannedId: row.id,
    kind: row.kind,
    audience: row.audience,
    version: row.version,
    askedBy: row.askedByName,
    askedById: row.askedById,
    ...(row.publishAt && { publishAt: row.publishAt.toISOString() }),
  };
}

/** Writes what became of a planned update into the timeline; the room gets it with its updates. */
export async function recordPlanned(
  tx: Sql,
  ctx: Ctx,
  row: PlannedRow,
  type: EventType,
  data: Record<string, unknown> = {},
): Promise<void> {
  const { incidentId } = row;
  await recordEvent(tx, ctx, { incidentId, type, data: { ...eventData(row), ...data }, parts: ["updates"] });
}

/** Has it published when its time comes. In the caller's transaction; a second job for the same time does nothing. */
export async function enqueuePublishing(tx: Sql, core: Pick<Ctx, "queue">, row: PlannedRow): Promise<void> {
  if (!row.publishAt) return;
  const data = { plannedId: row.id, publishAt: row.publishAt.toISOString() };
  await core.queue.enqueue(tx, PUBLISH_PLANNED_JOB, data, { startAt: row.publishAt });
}

/**
 * Publishes a planned update in the name of whoever asked for it, in the caller's transaction under the incident's lock.
 * @throws AppError "conflict" | "forbidden" | "invalid" when it cannot go out as things stand
 */
export async function publishPlanned(tx: Sql, ctx: Ctx, incident: IncidentRow, row: PlannedRow): Promise<PlannedRow> {
  requireStillPublic(incident);
  const hindrance = hindranceOf(row, incident);
  if (hindrance) throw new AppError("conflict", hindrance);
  const asker = await ctxOfAsker(tx, ctx, row);
  const publishedId =
    row.kind === "update"
      ? await publishNew(tx, asker, incident, row)
      : await publishCorrection(tx, asker, incident, row);
  return savePlanned(tx, row.id, { state: "published", publishedId, endedAt: ctx.now() });
}

async function publishNew(tx: Sql, asker: Ctx, incident: IncidentRow, row: PlannedRow): Promise<string> {
  const { nextUpdateAt, ...content } = contentOf(row).update();
  // A promise that ran out while this waited is none any more: the clock decides.
  const isOver = nextUpdateAt && new Date(nextUpdateAt) <= asker.now();
  const input = nextUpdateAt === undefined || isOver ? content : { ...content, nextUpdateAt };
  return (await publishInTransaction(tx, asker, incident, input)).id;
}

async function publishCorrection(tx: Sql, asker: Ctx, incident: IncidentRow, row: PlannedRow): Promise<string> {
  const [update] = await tx
    .select()
    .from(updates)
    .where(and(eq(updates.id, row.correctsId ?? ""), eq(updates.incidentId, incident.id)));
  if (!update) throw new AppError("conflict", "The update that this corrects is gone.");
  return (await correctInTransaction(tx, asker, incident, update, contentOf(row).correction())).id;
}

/** Has those asked who can approve it by a rule; from now they have their time to answer. In the caller's transaction. */
export async function askForApproval(tx: Sql, ctx: Ctx, row: PlannedRow, rule: ApprovalRule): Promise<PlannedRow> {
  const waiting = await savePlanned(tx, row.id, { state: "waiting", askedAt: ctx.now() });
  await recordPlanned(tx, ctx, waiting, "update.approval_asked", { rule });
  return waiting;
}

/**
 * Brings a planned update to where it can go now: to those who have to approve it, to its time, or out.
 * In the caller's transaction under the incident's lock. @throws AppError as `publishPlanned`
 */
export async function advance(tx: Sql, ctx: Ctx, incident: IncidentRow, row: PlannedRow): Promise<PlannedRow> {
  const rule = (await updateRulesAt(tx, incident)).approvalFor(row.audience);
  if (!isSettled(row, rule)) return askForApproval(tx, ctx, row, rule);
  if (row.publishAt && row.publishAt > ctx.now()) {
    const scheduled = await savePlanned(tx, row.id, { state: "scheduled" });
    await enqueuePublishing(tx, ctx, scheduled);
    return scheduled;
  }
  return publishPlanned(tx, ctx, incident, row);
}
