import { and, eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { incidentMembers, incidents, notifications, users } from "#/db/schema/index.ts";
import { type Ctx, touchRoom } from "#/server/events/index.ts";
import {
  type DeliveryRow,
  enqueueDelivery,
  isBeingEdited,
  isDecidedAnew,
  isOvertaken,
  isOvertaking,
  lockDelivery,
  saveDelivery,
} from "./delivery-store.ts";
import { whoMaySeeByAddress } from "./private-recipients.ts";
import { answersCard, isCardComing } from "./read-card.ts";
import type { OutboundChannel } from "./shared/lists.ts";

/** How long one attempt may take before it counts as cut off: longer than the channel's own time limits. */
export const LEASE_MS: Record<OutboundChannel, number> = {
  status_page: 60_000,
  slack: 30_000,
  email: 120_000,
  webhook: 30_000,
  pagerduty: 30_000,
  opsgenie: 30_000,
  source: 30_000,
};
/** A newer message lets an older one to the same place go first, but not for ever. */
const ORDER_WAIT_MAX_MS = 60_000;
const ORDER_RECHECK_MS = 1_000;
/** The queue's clock is the database's, ours the process's. */
const CLOCK_TOLERANCE_MS = 1_000;

export const CUT_OFF = "Muster was stopped while this was being sent: it may or may not have arrived.";

/** A delivery that this worker alone may send until `leaseEndsAt`. `reconcile`: look first whether it arrived. */
export type Claim = { row: DeliveryRow; leaseEndsAt: Date; mode: "send" | "reconcile" };

type IncidentFacts = typeof incidents.$inferSelect | undefined;

type Next =
  | { do: "send" | "reconcile"; payload?: Record<string, unknown> }
  | { do: "wait"; until: Date }
  | { do: "end"; state: "superseded" | "cancelled" | "unknown"; reason: string }
  | { do: "nothing" };

/** What to do with a delivery whose attempt was cut off, by a crash or a stop. Pure. */
function afterCutOff(row: DeliveryRow): Next {
  if (row.channel === "status_page") return { do: "send" };
  if (row.channel === "slack") return { do: "reconcile" };
  // The others recognise a repeat by the name it carries.
  if (row.channel !== "email") return { do: "send" };
  // Once more under the same Message-ID, by which a second copy is recognised.
  if (row.payload.resent) return { do: "end", state: "unknown", reason: CUT_OFF };
  return { do: "send", payload: { ...row.payload, resent: true } };
}

/** What a delivery's state asks for now. Pure. */
export function nextStep(row: DeliveryRow, now: Date): Next {
  const due = row.nextAttemptAt;
  const isEarly = due !== null && due.getTime() - now.getTime() > CLOCK_TOLERANCE_MS;
  switch (row.state) {
    case "queued":
    case "retrying":
      return isEarly ? { do: "wait", until: due } : { do: "send" };
    case "sending":
      return due !== null && due > now ? { do: "wait", until: due } : afterCutOff(row);
    case "unknown":
      return row.payload.reconcile ? { do: "reconcile" } : { do: "nothing" };
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
  if (row.kind !== "triage" || row.channel !== "email") return false;
  return (await whoMaySeeByAddress(tx, row.incidentId, [row.destination])).length > 0;
}

/** A card says what is so when it is sent: the newest edit alone is needed, and no two at once. */
async function besidesCard(tx: Sql, row: DeliveryRow, incident: IncidentFacts, now: Date): Promise<Next | undefined> {
  const isEdit = row.payload.corrects !== undefined;
  // Of one that became private nothing new is posted; what stands there is taken back by an edit.
  if (!isEdit && incident?.visibility !== "public") {
    return { do: "end", state: "cancelled", reason: "The incident became private before this was sent." };
  }
  if (isEdit && (await isDecidedAnew(tx, row))) {
    return { do: "end", state: "superseded", reason: "The card changed again before this was sent." };
  }
  if (await isBeingEdited(tx, row)) return { do: "wait", until: new Date(now.getTime() + ORDER_RECHECK_MS) };
  return undefined;
}

/** Reasons outside the row: the incident became private, or another message to the same place comes first. */
async function besides(tx: Sql, row: DeliveryRow, now: Date): Promise<Next | undefined> {
  if (row.channel === "status_page") return undefined;
  if (row.notificationId) return besidesNotice(tx, row.notificationId);
  // The sender of an alert knows of it already: that it ended tells it nothing new.
  if (row.channel === "source") return undefined;
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
  if (row.kind === "decision" && (await isDecidedAnew(tx, row))) {
    return { do: "end", state: "superseded", reason: "Something newer was decided before this was sent." };
  }
  const hasWaited = now.getTime() - row.createdAt.getTime() > ORDER_WAIT_MAX_MS;
  if (!hasWaited && answersCard(row) && (await isCardComing(tx, row))) {
    return { do: "wait", until: new Date(now.getTime() + ORDER_RECHECK_MS) };
  }
  if (row.kind !== "update") return undefined;
  if (await isOvertaken(tx, row)) {
    return { do: "end", state: "superseded", reason: "A newer update arrived first." };
  }
  if (!hasWaited && (await isOvertaking(tx, row))) {
    return { do: "wait", until: new Date(now.getTime() + ORDER_RECHECK_MS) };
  }
  return undefined;
}

/**
 * Takes a delivery for one attempt, or says that there is nothing to do (undefined).
 *
 * One transaction: of two workers with the same delivery one gets it. `pausedUntil` holds back a channel whose other
 * side asked to wait, without counting an attempt.
 */
export async function claimDelivery(ctx: Ctx, id: string, pausedUntil: Date | undefined): Promise<Claim | undefined> {
  return ctx.db.transaction(async (tx) => {
    const row = await lockDelivery(tx, id);
    if (!row) return undefined;
    const now = ctx.now();
    let next = nextStep(row, now);
    if (next.do === "send") next = (await besides(tx, row, now)) ?? next;
    const isActive = next.do === "send" || next.do === "reconcile";
    if (isActive && pausedUntil && pausedUntil > now) next = { do: "wait", until: pausedUntil };
    if (next.do === "nothing") return undefined;
    if (next.do === "wait") {
      await enqueueDelivery(tx, ctx, row, next.until);
      return undefined;
    }
    if (next.do === "end") {
      await saveDelivery(tx, id, { state: next.state, lastError: next.reason, nextAttemptAt: null });
      await touchRoom(tx, ctx, row.incidentId, ["updates"]);
      return undefined;
    }
    const leaseEndsAt = new Date(now.getTime() + LEASE_MS[row.channel]);
    const change = {
      state: "sending" as const,
      attempts: row.attempts + (next.do === "send" ? 1 : 0),
      nextAttemptAt: leaseEndsAt,
      payload: next.payload ?? row.payload,
    };
    await saveDelivery(tx, id, change);
    return { row: { ...row, ...change }, leaseEndsAt, mode: next.do };
  });
}
