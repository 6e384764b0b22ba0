import { and, eq, inArray, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { incidentMembers, incidents, maintenances, notifications, updates, users } from "#/db/schema/index.ts";
import {
  publicReaderOf,
  type SuppressionRow,
  selectAudiences,
  suppressedWords,
  suppressionsOf,
} from "#/server/audience/index.ts";
import { type DeliveryRow, isBeingEdited, isDecidedAnew, isInternalKind } from "./delivery-store.ts";
import {
  CARD_RECHECK_MS,
  type InLine,
  ORDER_RECHECK_MS,
  ORDER_WAIT_MAX_MS,
  othersToSamePlaces,
  turnOf,
} from "./order.ts";
import { whoMaySeeByAddress } from "./private-recipients.ts";
import { answersCard, isCardComing } from "./read-card.ts";

/** What is to be done with a delivery now. */
export type Next =
  | { do: "send" | "reconcile" }
  | { do: "wait"; until: Date }
  | { do: "end"; state: "suppressed" | "superseded" | "cancelled" | "unknown"; reason: string }
  | { do: "nothing" };

type IncidentFacts = typeof incidents.$inferSelect | undefined;

/** What deliveries that are claimed together are looked at beside, read once for all of them. */
export type Around = {
  /** By the address in lower case. */
  suppressions: ReadonlyMap<string, SuppressionRow>;
  incidents: ReadonlyMap<string, NonNullable<IncidentFacts>>;
  /** What else goes, or went, to the place of a delivery. */
  othersOf(row: DeliveryRow): InLine[];
};

/** A mail to somebody who reads along, not to one who works on it. */
function isToReader(row: DeliveryRow): boolean {
  return row.channel === "email" && (row.subscriberId !== null || typeof row.payload.audience === "string");
}

function isToPager(row: DeliveryRow): boolean {
  return row.channel === "pagerduty" || row.channel === "opsgenie";
}

const inLine: readonly string[] = ["update", "event", "maintenance"];

/** What deliveries of one channel are looked at beside: three queries at most, however many they are. */
export async function readAround(tx: Sql, rows: readonly DeliveryRow[]): Promise<Around> {
  const readers = rows.filter(isToReader).map((row) => row.destination);
  const incidentIds = [...new Set(rows.flatMap((row) => row.incidentId ?? []))];
  const suppressions = await suppressionsOf(tx, readers);
  const found =
    incidentIds.length > 0 ? await tx.select().from(incidents).where(inArray(incidents.id, incidentIds)) : [];
  const othersOf = await othersToSamePlaces(
    tx,
    rows.filter((row) => inLine.includes(row.kind) || row.incidentId === null || isToPager(row)),
  );
  return { suppressions, incidents: new Map(found.map((one) => [one.id, one])), othersOf };
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
function besidesDecision(row: DeliveryRow, around: Around, now: Date): Next | undefined {
  const others = around.othersOf(row);
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
function besidesOthers(row: DeliveryRow, around: Around, now: Date): Next | undefined {
  const turn = turnOf(row, around.othersOf(row), now);
  if (turn.is === "over") return { do: "end", state: "superseded", reason: turn.reason };
  return turn.is === "not yet" ? { do: "wait", until: turn.until } : undefined;
}

/**
 * Reasons outside the row why a delivery is not sent now: the incident became private, or another message to the same
 * place comes first; undefined when there are none.
 */
export async function besides(tx: Sql, row: DeliveryRow, around: Around, now: Date): Promise<Next | undefined> {
  if (row.channel === "status_page") return undefined;
  if (row.notificationId) return besidesNotice(tx, row.notificationId);
  // The sender of an alert knows of it already: that it ended tells it nothing new.
  if (row.channel === "source") return undefined;
  const suppression = isToReader(row) ? around.suppressions.get(row.destination.toLowerCase()) : undefined;
  if (suppression) return { do: "end", state: "suppressed", reason: suppressedWords(suppression) };
  const isRead = await besidesPublic(tx, row);
  if (isRead) return isRead;
  if (row.kind === "maintenance_reminder") return besidesReminder(tx, row);
  if (row.kind === "maintenance" || !row.incidentId) return besidesOthers(row, around, now);
  const incident = around.incidents.get(row.incidentId);
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
  const isPassed = isToPager(row) && besidesDecision(row, around, now);
  if (isPassed) return isPassed;
  if (row.kind === "decision" && (await isDecidedAnew(tx, row))) {
    return { do: "end", state: "superseded", reason: "Something newer was decided before this was sent." };
  }
  if (row.kind === "word" && row.payload.corrects !== undefined) return besidesEdits(tx, row, now);
  const hasWaited = now.getTime() - row.createdAt.getTime() > ORDER_WAIT_MAX_MS;
  if (!hasWaited && answersCard(row) && (await isCardComing(tx, row))) {
    return { do: "wait", until: new Date(now.getTime() + CARD_RECHECK_MS) };
  }
  return row.kind === "update" || row.kind === "event" ? besidesOthers(row, around, now) : undefined;
}
