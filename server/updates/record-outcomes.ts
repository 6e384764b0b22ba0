import { and, eq, gte, inArray, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { deliveries, notifications } from "#/db/schema/index.ts";
import { suppressAddress, switchOffDestination } from "#/server/audience/index.ts";
import { type Ctx, touchRooms } from "#/server/events/index.ts";
import { markDelivered } from "#/server/invitations/index.ts";
import type { SendFailure, SendOutcome } from "#/server/notify/index.ts";
import { type Claim, inDoubt } from "./claim-deliveries.ts";
import { type DeliveryRow, enqueueDelivery, lockDeliveries, saveDelivery } from "./delivery-store.ts";
import { BACKOFF_FIRST_MS, BACKOFF_MAX_MS, backoffMs, GIVE_UP_AFTER_MS, RECIPIENT_BACKOFF_MAX_MS } from "./rules.ts";

/**
 * A result of looking, or of sending; `cancelled` when there is nothing left to do, `undecided` when nobody but a
 * person can find out whether it arrived.
 */
export type Outcome =
  | SendOutcome
  | { ok: false; kind: "cancelled"; reason: string }
  | { ok: false; kind: "undecided"; reason: string };

type Change = Partial<DeliveryRow> & Pick<DeliveryRow, "state">;
/** What the attempt was part of: chance, and until when its other side is left alone. */
type Around = { now: Date; random: number; pausedUntil?: Date | undefined };

/** Since when it is tried: since it was made, or since a person sent it again. */
function triedSince(row: DeliveryRow): Date {
  return typeof row.payload.since === "string" ? new Date(row.payload.since) : row.createdAt;
}

function givenUp(reason: string, attempts: number): Change {
  const tries = attempts > 1 ? ` Given up after ${attempts} tries.` : "";
  return { state: "failed", lastError: `${reason}${tries}`, nextAttemptAt: null };
}

function undecided(row: DeliveryRow, reason: string): Change {
  const { reconcile: _, ...payload } = row.payload;
  return { state: "unknown", lastError: reason, nextAttemptAt: null, payload };
}

/** The address is the trouble, and a subscriber's: no further update is sent there. */
function isDeadAddress(row: DeliveryRow, outcome: SendFailure): boolean {
  return row.channel === "email" && row.subscriberId !== null && outcome.trouble === "recipient";
}

function again(row: DeliveryRow, outcome: SendFailure, { now, random, pausedUntil }: Around): Change {
  const boundMs = outcome.trouble === "recipient" ? RECIPIENT_BACKOFF_MAX_MS : BACKOFF_MAX_MS;
  // A service that is away, or asked for a time, has one schedule for all that waits for it.
  const nextAttemptAt = pausedUntil ?? new Date(now.getTime() + backoffMs(row.attempts, random, boundMs));
  // What was looked for and is not there is simply sent again; if that stays unanswered it is looked for again.
  const { reconcile: _, asked: __, isSlight: ___, ...payload } = row.payload;
  const asked = outcome.retryAfterMs !== undefined && { asked: true };
  return { state: "retrying", lastError: outcome.reason, nextAttemptAt, payload: { ...payload, ...asked } };
}

/** What an outcome makes of a delivery. Pure. */
export function changeAfter(row: DeliveryRow, outcome: Outcome, around: Around): Change {
  const { now } = around;
  if (outcome.ok) {
    return { state: "sent", sentAt: now, providerId: outcome.providerId, lastError: null, nextAttemptAt: null };
  }
  const { reason } = outcome;
  if (outcome.kind === "cancelled") return { state: "cancelled", lastError: reason, nextAttemptAt: null };
  if (outcome.kind === "undecided") return undecided(row, reason);
  const isDead = isDeadAddress(row, outcome);
  if (outcome.kind === "permanent") return { ...givenUp(reason, 1), ...(isDead && { state: "suppressed" as const }) };
  const isInDoubt = outcome.kind === "unknown" || outcome.isDoubtful === true;
  if (now.getTime() - triedSince(row).getTime() >= GIVE_UP_AFTER_MS) {
    if (isInDoubt) return undecided(row, reason);
    return { ...givenUp(reason, row.attempts), ...(isDead && { state: "suppressed" as const }) };
  }
  if (!isInDoubt) return again(row, outcome, around);
  const lookMs = outcome.retryAfterMs ?? backoffMs(Number(row.payload.reconcile ?? 0), 0.5 + around.random / 2);
  const lookAt = new Date(now.getTime() + Math.max(BACKOFF_FIRST_MS, lookMs));
  const isSlight = outcome.kind === "retry" && !row.payload.reconcile;
  return inDoubt(isSlight ? { ...row, payload: { ...row.payload, isSlight } } : row, reason, lookAt);
}

/** An invitation that a channel took is delivered. */
async function tellInviter(tx: Sql, ctx: Ctx, notificationId: string, channel: string): Promise<void> {
  const [found] = await tx.select().from(notifications).where(eq(notifications.id, notificationId));
  if (found?.kind === "invitation") {
    await markDelivered(tx, ctx, { incidentId: found.incidentId, userId: found.userId, by: channel });
  }
}

/** Mails that arrive are told to the room now and then, not one by one. */
const MAILS_PER_FACT = 20;

type Changed = { row: DeliveryRow; outcome: Outcome; change: Change };

/** The rooms that are told: of every change, but of mails that arrived only whenever a number of them did. */
async function roomsToTell(tx: Sql, changed: readonly Changed[]): Promise<Set<string>> {
  const rooms = new Set<string>();
  const arrived = new Map<string, { incidentId: string; count: number }>();
  for (const { row, change } of changed) {
    const { incidentId, updateId } = row;
    if (!incidentId || row.kind === "notice" || row.kind === "event") continue;
    if (row.channel === "email" && change.state === "sent" && updateId) {
      arrived.set(updateId, { incidentId, count: (arrived.get(updateId)?.count ?? 0) + 1 });
    } else rooms.add(incidentId);
  }
  for (const [updateId, { incidentId, count }] of arrived) {
    if (rooms.has(incidentId)) continue;
    const waiting = await tx.$count(
      deliveries,
      and(
        eq(deliveries.updateId, updateId),
        eq(deliveries.channel, "email"),
        inArray(deliveries.state, ["queued", "sending", "retrying"]),
      ),
    );
    if (waiting % MAILS_PER_FACT < count) rooms.add(incidentId);
  }
  return rooms;
}

/** Whether a refusal is this recipient's alone: a plain one is, a day of being put off only when others were served. */
async function isRecipientsOwn(tx: Sql, row: DeliveryRow, outcome: Outcome): Promise<boolean> {
  if (!outcome.ok && outcome.kind === "permanent") return true;
  const [served] = await tx
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(and(eq(deliveries.channel, "email"), eq(deliveries.state, "sent"), gte(deliveries.sentAt, triedSince(row))))
    .limit(1);
  return served !== undefined;
}

/** All that arrived, in one statement. */
async function saveSent(tx: Sql, changed: readonly Changed[], now: Date): Promise<void> {
  if (changed.length === 0) return;
  const given = changed.map(({ row, change }) => ({ id: row.id, provider_id: change.providerId ?? null }));
  const ids = given.map(({ id }) => id);
  await tx.execute(sql`
    update ${deliveries}
    set state = 'sent', sent_at = ${now.toISOString()}::timestamptz, provider_id = given.provider_id,
        last_error = null, next_attempt_at = null
    from json_to_recordset(${JSON.stringify(given)}::json) as given (id uuid, provider_id text)
    where ${deliveries.id} = given.id and ${inArray(deliveries.id, ids)}`);
}

async function saveUnsent(tx: Sql, ctx: Ctx, { row, outcome, change }: Changed): Promise<void> {
  if (change.state === "suppressed" && !(await isRecipientsOwn(tx, row, outcome))) change.state = "failed";
  await saveDelivery(tx, row.id, change);
  if (change.state === "suppressed") {
    await suppressAddress(tx, ctx, { email: row.destination, cause: "bounce", reason: change.lastError ?? "" });
  }
  if (change.nextAttemptAt) await enqueueDelivery(tx, ctx, row, change.nextAttemptAt);
  if (!outcome.ok && "isGone" in outcome && row.destinationId) {
    await switchOffDestination(tx, ctx, row.destinationId, outcome.reason);
  }
}

/** What became of an attempt, and until when the other side is left alone. */
export type Attempt = { claim: Claim; outcome: Outcome; pausedUntil?: Date | undefined };

/**
 * Writes down what became of attempts, with the jobs of the next ones, and tells the rooms.
 * One transaction. A worker whose lease ended and whose delivery somebody else took changes nothing.
 */
export async function recordOutcomes(ctx: Ctx, attempts: readonly Attempt[]): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const now = ctx.now();
    const ids = attempts.map(({ claim }) => claim.row.id);
    const current = new Map((await lockDeliveries(tx, ids)).map((row) => [row.id, row]));
    const changed = attempts.flatMap(({ claim, outcome, pausedUntil }): Changed[] => {
      const row = current.get(claim.row.id);
      const isOurs =
        row?.state === "sending" &&
        row.attempts === claim.row.attempts &&
        row.nextAttemptAt?.getTime() === claim.leaseEndsAt.getTime();
      if (!isOurs) return [];
      return [{ row, outcome, change: changeAfter(row, outcome, { now, random: Math.random(), pausedUntil }) }];
    });
    const isSent = ({ change }: Changed) => change.state === "sent";
    await saveSent(tx, changed.filter(isSent), now);
    for (const one of changed) {
      if (!isSent(one)) await saveUnsent(tx, ctx, one);
      else if (one.row.notificationId) await tellInviter(tx, ctx, one.row.notificationId, one.row.channel);
    }
    const rooms = await roomsToTell(tx, changed);
    if (rooms.size > 0) await touchRooms(tx, ctx, [...rooms], ["updates"]);
  });
}
