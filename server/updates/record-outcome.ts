import { and, eq, inArray } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { deliveries, notifications } from "#/db/schema/index.ts";
import { type Ctx, touchRoom } from "#/server/events/index.ts";
import { markDelivered } from "#/server/invitations/index.ts";
import type { SendOutcome } from "#/server/notify/index.ts";
import type { Claim } from "./claim-delivery.ts";
import { type DeliveryRow, enqueueDelivery, lockDelivery, saveDelivery } from "./delivery-store.ts";
import { ATTEMPTS_MAX, BACKOFF_FIRST_MS, backoffMs } from "./rules.ts";

/** A result of looking, or of sending; `cancelled` when there is nothing left to do. */
export type Outcome = SendOutcome | { ok: false; kind: "cancelled"; reason: string };

type Change = Partial<DeliveryRow> & Pick<DeliveryRow, "state">;

function givenUp(reason: string, attempts: number): Change {
  const tries = attempts > 1 ? ` Given up after ${attempts} attempts.` : "";
  return { state: "failed", lastError: `${reason}${tries}`, nextAttemptAt: null };
}

/** What an outcome makes of a delivery. Pure. */
export function changeAfter(row: DeliveryRow, outcome: Outcome, now: Date, random: number): Change {
  if (outcome.ok) {
    return { state: "sent", sentAt: now, providerId: outcome.providerId, lastError: null, nextAttemptAt: null };
  }
  const { reason } = outcome;
  if (outcome.kind === "cancelled") return { state: "cancelled", lastError: reason, nextAttemptAt: null };
  if (outcome.kind === "permanent") return givenUp(reason, 1);
  if (row.attempts >= ATTEMPTS_MAX) return givenUp(reason, row.attempts);
  if (outcome.kind === "retry") {
    const nextAttemptAt = new Date(now.getTime() + backoffMs(row.attempts, random, outcome.retryAfterMs));
    // What was looked for and is not there is simply sent again; if that stays unanswered it is looked for again.
    const { reconcile: _, ...payload } = row.payload;
    return { state: "retrying", lastError: reason, nextAttemptAt, payload };
  }
  const soon = new Date(now.getTime() + BACKOFF_FIRST_MS);
  if (row.channel === "slack" && !row.payload.reconcile) {
    return { state: "unknown", lastError: reason, nextAttemptAt: soon, payload: { ...row.payload, reconcile: true } };
  }
  if (row.channel === "email" && !row.payload.resent) {
    return { state: "retrying", lastError: reason, nextAttemptAt: soon, payload: { ...row.payload, resent: true } };
  }
  const { reconcile: __, ...payload } = row.payload;
  return { state: "unknown", lastError: reason, nextAttemptAt: null, payload };
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

async function isWorthTelling(tx: Sql, row: DeliveryRow, change: Change): Promise<boolean> {
  if (row.channel !== "email" || change.state !== "sent" || !row.updateId) return true;
  const waiting = await tx.$count(
    deliveries,
    and(
      eq(deliveries.updateId, row.updateId),
      eq(deliveries.channel, "email"),
      inArray(deliveries.state, ["queued", "sending", "retrying"]),
    ),
  );
  return waiting % MAILS_PER_FACT === 0;
}

/**
 * Writes down what became of an attempt, with the job of the next one, and tells the room.
 * One transaction. A worker whose lease ended and whose delivery somebody else took changes nothing.
 */
export async function recordOutcome(ctx: Ctx, claim: Claim, outcome: Outcome): Promise<void> {
  await ctx.db.transaction(async (tx) => {
    const current = await lockDelivery(tx, claim.row.id);
    const isOurs =
      current?.state === "sending" &&
      current.attempts === claim.row.attempts &&
      current.nextAttemptAt?.getTime() === claim.leaseEndsAt.getTime();
    if (!isOurs) return;
    const change = changeAfter(current, outcome, ctx.now(), Math.random());
    await saveDelivery(tx, current.id, change);
    if (change.nextAttemptAt) await enqueueDelivery(tx, ctx, current, change.nextAttemptAt);
    if (current.notificationId && change.state === "sent") {
      await tellInviter(tx, ctx, current.notificationId, current.channel);
    }
    if (current.incidentId && current.kind !== "notice" && (await isWorthTelling(tx, current, change))) {
      await touchRoom(tx, ctx, current.incidentId, ["updates"]);
    }
  });
}
