import { and, eq, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { incidentMembers, incidents, maintenances, notifications, updates, users } from "#/db/schema/index.ts";
import { findSuppression, publicReaderOf, selectAudiences, suppressedWords } from "#/server/audience/index.ts";
import { type Ctx, touchRoom } from "#/server/events/index.ts";
import {
  type DeliveryRow,
  enqueueDelivery,
  isBeingEdited,
  isDecidedAnew,
  isInternalKind,
  lockDelivery,
  saveDelivery,
} from "./delivery-store.ts";
import { ORDER_RECHECK_MS, ORDER_WAIT_MAX_MS, othersToSamePlace, turnOf } from "./order.ts";
import type { Pauses } from "./pauses.ts";
import { whoMaySeeByAddress } from "./private-recipients.ts";
import { answersCard, isCardComing } from "./read-card.ts";
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

type IncidentFacts = typeof incidents.$inferSelect | undefined;

type Next =
  | { do: "send" | "reconcile" }
  | { do: "wait"; until: Date }
  | { do: "end"; state: "suppressed" | "superseded" | "cancelled" | "unknown"; reason: string }
  | { do: "nothing" };

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

/** A notice to one person is for nothing when they saw it, or may not see the incident any more. */
async function besidesNotice(tx: Sql, notificationId: string): Promise<Next | undefined> {
  const end = (reason: string): Next => ({ do: "end", state: "cancelled", reason });
  const [found] = await tx
    .select({ notification: notifications, user: users, incident: incidents, member: incidentMembers.userId })
    .from(notifications)
    .innerJoin(users, eq(users.id, notifications.userId))
    .innerJoin(incidents, eq(incidents.id, notifications.incidentId))
    .leftJoin(
      incidentMembers,
      and(eq(incidentMembers.incidentId, incidents.id), eq(incidentMembers.userId, notifications.userId)),
    )
    .where(eq(notifications.id, notificationId));
  if (!found) return end("It is not needed any more.");
  const { notification, user, incident, member } = found;
  if (notification.seenAt) return end("They saw it before this was sent.");
  if (notification.settledAt) return end("It was settled before this was sent.");
  if (user.disabledAt) return end("The account was disabled before this was sent.");
  if (incident.visibility === "private" && user.role !== "owner" && member === null) {
    return end("They may not see the incident any more.");
  }
  return undefined;
}

/** A private incident is told to those who may see it, and to nobody else. */
async function isForMember(tx: Sql, row: DeliveryRow): Promise<boolean> {
  if (row.kind !== "triage" || row.channel !== "email" || !row.incidentId) return false;
  return (await whoMaySeeByAddress(tx, row.incidentId, [row.destination])).length > 0;
}

/** A reminder is for nothing once the maintenance began, or begins at another time. */
async function besidesReminder(tx: Sql, row: DeliveryRow): Promise<Next | undefined> {
  const [found] = await tx.select().from(maintenances).where(sql`${maintenances.id} = ${row.maintenanceId}`);
  const isDue = found?.status === "scheduled" && found.fromAt.toISOString() === row.payload.from;
  if (isDue) return undefined;
  return {
    do: "end",
    state: "cancelled",
    reason: "The maintenance began, moved or was cancelled before this was sent.",
  };
}

/** A card says what is so when it is sent. */
async function besidesCard(tx: Sql, row: DeliveryRow, incident: IncidentFacts, now: Date): Promise<Next | undefined> {
  const isEdit = row.payload.corrects !== undefined;
  // Of one that became private nothing new is posted; what stands there is taken back by an edit.
  if (!isEdit && incident?.visibility !== "public") {
    return { do: "end", state: "cancelled", reason: "The incident became private before this was sent." };
  }
  return isEdit ? besidesEdits(tx, row, now) : undefined;
}

/** The newest edit of a message alone is needed, and no two at once. */
async function besidesEdits(tx: Sql, row: DeliveryRow, now: Date): Promise<Next | undefined> {
  if (await isDecidedAnew(tx, row)) {
    return { do: "end", state: "superseded", reason: "The message changed again before this was sent." };
  }
  if (await isBeingEdited(tx, row)) return { do: "wait", until: new Date(now.getTime() + ORDER_RECHECK_MS) };
  return undefined;
}

/** A pager opens again what it is told of after the end: what was decided meanwhile takes the place of what opens. */
async function besidesDecision(tx: Sql, row: DeliveryRow, now: Date): Promise<Next | undefined> {
  const others = await othersToSamePlace(tx, row);
  if (row.kind === "triage" && others.some((one) => one.kind === "decision" && one.createdAt >= row.createdAt)) {
    return { do: "end", state: "cancelled", reason: "Somebody had decided before this was sent." };
  }
  const isOpening = others.some(
    (one) => one.kind === "triage" && one.state === "sending" && one.nextAttemptAt !== null && one.nextAttemptAt > now,
  );
  return row.kind === "decision" && isOpening
    ? { do: "wait", until: new Date(now.getTime() + ORDER_RECHECK_MS) }
    : undefined;
}

/** Whether a delivery says what is not for the public. A webhook's reader gets the incident as we see it, a chat's the text alone. */
async function isInternal(tx: Sql, row: DeliveryRow): Promise<boolean> {
  if (isInternalKind(row.kind) || (row.channel === "webhook" && row.payload.reader === "internal")) return true;
  if (!row.updateId) return false;
  const [update] = await tx.select({ audience: updates.audience }).from(updates).where(eq(updates.id, row.updateId));
  return update?.audience === "internal";
}

/** Somebody gave the place to the public after this was written: what is internal does not go there any more. */
async function besidesPublic(tx: Sql, row: DeliveryRow): Promise<Next | undefined> {
  const isPlace = row.channel === "slack" || row.destinationId !== null;
  if (!isPlace || !(await isInternal(tx, row))) return undefined;
  const all = await selectAudiences(tx);
  const isPublic = row.destinationId
    ? all.some((one) => one.kind === "public" && one.destinations.some((place) => place.id === row.destinationId))
    : publicReaderOf(all, row.destination) !== null;
  return isPublic ? { do: "end", state: "cancelled", reason: "The public reads there now." } : undefined;
}

/** A newer message to the same place has arrived, or an older one goes first. */
async function besidesOthers(tx: Sql, row: DeliveryRow, now: Date): Promise<Next | undefined> {
  const turn = turnOf(row, await othersToSamePlace(tx, row), now);
  if (turn.is === "over") return { do: "end", state: "superseded", reason: turn.reason };
  return turn.is === "not yet" ? { do: "wait", until: turn.until } : undefined;
}

/** Reasons outside the row: the incident became private, or another message to the same place comes first. */
async function besides(tx: Sql, row: DeliveryRow, now: Date): Promise<Next | undefined> {
  if (row.channel === "status_page") return undefined;
  if (row.notificationId) return besidesNotice(tx, row.notificationId);
  // The sender of an alert knows of it already: that it ended tells it nothing new.
  if (row.channel === "source") return undefined;
  const isReaders = row.channel === "email" && (row.subscriberId !== null || typeof row.payload.audience === "string");
  const suppression = isReaders ? await findSuppression(tx, row.destination) : undefined;
  if (suppression) return { do: "end", state: "suppressed", reason: suppressedWords(suppression) };
  const isRead = await besidesPublic(tx, row);
  if (isRead) return isRead;
  if (row.kind === "maintenance_reminder") return besidesReminder(tx, row);
  if (row.kind === "maintenance" || !row.incidentId) return besidesOthers(tx, row, now);
  const [incident] = await tx.select().from(incidents).where(eq(incidents.id, row.incidentId));
  if (row.kind === "card") return besidesCard(tx, row, incident, now);
  if (incident?.visibility !== "public" && !(await isForMember(tx, row))) {
    return { do: "end", state: "cancelled", reason: "The incident became private before this was sent." };
  }
  if (
    row.kind === "triage" &&
    !row.payload.isDeclared &&
    incident?.status !== "triage" &&
    (row.attempts > 0 || row.payload.wave)
  ) {
    return { do: "end", state: "cancelled", reason: "Somebody had decided before this was sent." };
  }
  const isToPager = row.channel === "pagerduty" || row.channel === "opsgenie";
  const isPassed = isToPager && (await besidesDecision(tx, row, now));
  if (isPassed) return isPassed;
  if (row.kind === "decision" && (await isDecidedAnew(tx, row))) {
    return { do: "end", state: "superseded", reason: "Something newer was decided before this was sent." };
  }
  if (row.kind === "word" && row.payload.corrects !== undefined) return besidesEdits(tx, row, now);
  const hasWaited = now.getTime() - row.createdAt.getTime() > ORDER_WAIT_MAX_MS;
  if (!hasWaited && answersCard(row) && (await isCardComing(tx, row))) {
    return { do: "wait", until: new Date(now.getTime() + ORDER_RECHECK_MS) };
  }
  return row.kind === "update" || row.kind === "event" ? besidesOthers(tx, row, now) : undefined;
}

/** A delivery as it stands; one whose attempt was cut off while this process ran is in doubt from now on. */
async function lockCurrent(tx: Sql, ctx: Ctx, id: string, now: Date): Promise<DeliveryRow | undefined> {
  const row = await lockDelivery(tx, id);
  const isCutOff = row?.state === "sending" && row.nextAttemptAt !== null && row.nextAttemptAt <= now;
  if (!row || !isCutOff) return row;
  const change = inDoubt(row, CUT_OFF, now);
  await saveDelivery(tx, id, change);
  if (row.incidentId) await touchRoom(tx, ctx, row.incidentId, ["updates"]);
  return { ...row, ...change };
}

/**
 * Takes a delivery for one attempt, or says that there is nothing to do (undefined).
 *
 * One transaction: of two workers with the same delivery one gets it. What its other side asked to wait for holds it
 * back without counting an attempt, and the row says until when.
 */
export async function claimDelivery(ctx: Ctx, id: string, pauses: Pauses): Promise<Claim | undefined> {
  return ctx.db.transaction(async (tx) => {
    const now = ctx.now();
    const row = await lockCurrent(tx, ctx, id, now);
    if (!row) return undefined;
    let next = nextStep(row, now);
    const isActive = next.do === "send" || next.do === "reconcile";
    const isSending = next.do === "send" || (isActive && row.channel === "email");
    if (isSending) next = (await besides(tx, row, now)) ?? next;
    const pausedUntil = pauses.until(row);
    if ((next.do === "send" || next.do === "reconcile") && pausedUntil && pausedUntil > now)
      next = { do: "wait", until: pausedUntil };
    if (next.do === "nothing") return undefined;
    if (next.do === "wait") {
      if (row.state !== "sending") await saveDelivery(tx, id, { nextAttemptAt: next.until });
      await enqueueDelivery(tx, ctx, row, next.until);
      return undefined;
    }
    if (next.do === "end") {
      await saveDelivery(tx, id, { state: next.state, lastError: next.reason, nextAttemptAt: null });
      if (row.incidentId) await touchRoom(tx, ctx, row.incidentId, ["updates"]);
      return undefined;
    }
    const leaseEndsAt = new Date(now.getTime() + LEASE_MS[row.channel]);
    const change = {
      state: "sending" as const,
      attempts: row.attempts + (isSending ? 1 : 0),
      nextAttemptAt: leaseEndsAt,
    };
    await saveDelivery(tx, id, change);
    return { row: { ...row, ...change }, leaseEndsAt, mode: next.do };
  });
}
