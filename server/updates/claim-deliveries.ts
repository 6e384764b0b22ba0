import { inArray } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { deliveries } from "#/db/schema/index.ts";
import { type Ctx, touchRoom } from "#/server/events/index.ts";
import { besides, type Next, readAround } from "./besides.ts";
import { type DeliveryRow, enqueueDelivery, lockDeliveries, saveDelivery } from "./delivery-store.ts";
import type { Pauses } from "./pauses.ts";
import type { OutboundChannel } from "./shared/lists.ts";

/** How long one attempt may take before it counts as cut off: longer than the channel's own time limits. */
export const LEASE_MS: Record<OutboundChannel, number> = {
  status_page: 60_000,
  slack: 30_000,
  email: 120_000,
  mattermost: 30_000,
  teams: 30_000,
  webhook: 30_000,
  pagerduty: 30_000,
  opsgenie: 30_000,
  source: 30_000,
};
/** The queue's clock is the database's, ours the process's. */
const CLOCK_TOLERANCE_MS = 1_000;

export const CUT_OFF = "Muster was stopped while this was being sent: it may or may not have arrived.";

/** A delivery that this worker alone may send until `leaseEndsAt`. `reconcile`: look first whether it arrived. */
export type Claim = { row: DeliveryRow; leaseEndsAt: Date; mode: "send" | "reconcile" };

type DoubtChange = Pick<DeliveryRow, "state" | "lastError" | "nextAttemptAt"> & Partial<DeliveryRow>;

/**
 * What becomes of a delivery whose answer nobody saw: Slack is asked for it, a mail goes once more under the same
 * Message-ID, by which a second copy is recognised, and the others recognise a repeat by its name. A second post in
 * Mattermost or Teams would be a second post: somebody has to look. Pure.
 */
export function inDoubt(row: Pick<DeliveryRow, "channel" | "payload">, reason: string, lookAt: Date): DoubtChange {
  const { reconcile: looked, ...payload } = row.payload;
  const later = { lastError: reason, nextAttemptAt: lookAt };
  const reconcile = Number(looked ?? 0) + 1;
  if (row.channel === "slack") return { state: "unknown", ...later, payload: { ...payload, reconcile } };
  if (row.channel === "mattermost" || row.channel === "teams") {
    return { state: "unknown", lastError: reason, nextAttemptAt: null, payload };
  }
  if (row.channel !== "email") return { state: "retrying", ...later };
  if (row.payload.resent) return { state: "unknown", ...later, nextAttemptAt: null, payload };
  return { state: "unknown", ...later, payload: { ...payload, resent: true, reconcile } };
}

/** What a delivery's state asks for now. Pure. */
export function nextStep(row: Pick<DeliveryRow, "state" | "nextAttemptAt" | "payload">, now: Date): Next {
  const due = row.nextAttemptAt;
  const isEarly = due !== null && due.getTime() - now.getTime() > CLOCK_TOLERANCE_MS;
  switch (row.state) {
    case "queued":
    case "retrying":
      return isEarly ? { do: "wait", until: due } : { do: "send" };
    case "sending":
      return due !== null && due > now ? { do: "wait", until: due } : { do: "nothing" };
    case "unknown":
      if (!row.payload.reconcile) return { do: "nothing" };
      return isEarly ? { do: "wait", until: due } : { do: "reconcile" };
    default:
      return { do: "nothing" };
  }
}

/** A delivery as it stands; one whose attempt was cut off while this process ran is in doubt from now on. */
async function asItStands(tx: Sql, ctx: Ctx, row: DeliveryRow, now: Date): Promise<DeliveryRow> {
  const isCutOff = row.state === "sending" && row.nextAttemptAt !== null && row.nextAttemptAt <= now;
  if (!isCutOff) return row;
  const change = inDoubt(row, CUT_OFF, now);
  await saveDelivery(tx, row.id, change);
  if (row.incidentId) await touchRoom(tx, ctx, row.incidentId, ["updates"]);
  return { ...row, ...change };
}

function isActive(next: Next): next is { do: "send" | "reconcile" } {
  return next.do === "send" || next.do === "reconcile";
}

/** A mail that is looked for is simply sent once more. */
function isSending(row: DeliveryRow, next: Next): boolean {
  return next.do === "send" || (next.do === "reconcile" && row.channel === "email");
}

/** Writes down that a delivery is not sent now. */
async function setAside(tx: Sql, ctx: Ctx, row: DeliveryRow, next: Exclude<Next, { do: "send" | "reconcile" }>) {
  if (next.do === "wait") {
    if (row.state !== "sending") await saveDelivery(tx, row.id, { nextAttemptAt: next.until });
    await enqueueDelivery(tx, ctx, row, next.until);
  } else if (next.do === "end") {
    await saveDelivery(tx, row.id, { state: next.state, lastError: next.reason, nextAttemptAt: null });
    if (row.incidentId) await touchRoom(tx, ctx, row.incidentId, ["updates"]);
  }
}

/** The same delivery with an attempt begun. Pure. */
function begun(row: DeliveryRow, next: { do: "send" | "reconcile" }, now: Date): Claim {
  const leaseEndsAt = new Date(now.getTime() + LEASE_MS[row.channel]);
  const attempts = row.attempts + (isSending(row, next) ? 1 : 0);
  return { row: { ...row, state: "sending", attempts, nextAttemptAt: leaseEndsAt }, leaseEndsAt, mode: next.do };
}

/** Marks deliveries of one channel as being sent by this worker until their lease ends. */
async function take(tx: Sql, claims: readonly Claim[]): Promise<void> {
  for (const [attempts, same] of Map.groupBy(claims, ({ row }) => row.attempts)) {
    const ids = same.map(({ row }) => row.id);
    await tx
      .update(deliveries)
      .set({ state: "sending", attempts, nextAttemptAt: same[0]?.leaseEndsAt ?? null })
      .where(inArray(deliveries.id, ids));
  }
}

/**
 * Takes deliveries of one channel for one attempt each, in the order of the ids, or says that there is nothing to do
 * (undefined); who names one twice gets it once.
 *
 * One transaction: of two workers with the same delivery one gets it. What its other side asked to wait for holds it
 * back without counting an attempt, and the row says until when.
 */
export async function claimDeliveries(
  ctx: Ctx,
  ids: readonly string[],
  pauses: Pauses,
): Promise<(Claim | undefined)[]> {
  return ctx.db.transaction(async (tx) => {
    const now = ctx.now();
    const rows: DeliveryRow[] = [];
    for (const row of await lockDeliveries(tx, ids)) rows.push(await asItStands(tx, ctx, row, now));
    const due = rows.map((row) => ({ row, next: nextStep(row, now) }));
    const goingOut = due.filter(({ row, next }) => isSending(row, next)).map(({ row }) => row);
    const around = await readAround(tx, goingOut);
    const claims = new Map<string, Claim>();
    for (const { row, next: own } of due) {
      let next = own;
      if (isSending(row, next)) next = (await besides(tx, row, around, now)) ?? next;
      const pausedUntil = pauses.until(row);
      if (isActive(next) && pausedUntil && pausedUntil > now) next = { do: "wait", until: pausedUntil };
      if (isActive(next)) claims.set(row.id, begun(row, next, now));
      else await setAside(tx, ctx, row, next);
    }
    await take(tx, [...claims.values()]);
    return ids.map((id, place) => (ids.indexOf(id) === place ? claims.get(id) : undefined));
  });
}
