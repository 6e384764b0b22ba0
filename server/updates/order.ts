import { and, eq, inArray, or } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { deliveries } from "#/db/schema/index.ts";
import type { DeliveryRow } from "./delivery-store.ts";

/** A newer message lets an older one to the same place go first, but not for ever. */
export const ORDER_WAIT_MAX_MS = 60_000;
export const ORDER_RECHECK_MS = 1_000;
/** A card is one message, and on its way: what answers it need not wait longer than it takes. */
export const CARD_RECHECK_MS = 200;
/** An update that could not go out for so long is not sent after all when there is a newer one: that says what holds. */
export const STALE_AFTER_MS = 5 * 60_000;

const active = ["queued", "sending", "retrying"];

export type InLine = Pick<DeliveryRow, "kind" | "state" | "createdAt" | "nextAttemptAt" | "payload">;
export type Turn = { is: "its" } | { is: "not yet"; until: Date } | { is: "over"; reason: string };

const saysWhatHolds = (one: InLine) => one.kind === "update" || one.kind === "maintenance";

/** Whether something becomes of it without anybody's doing. */
function isOnItsWay(one: InLine): boolean {
  return active.includes(one.state) || (one.state === "unknown" && Boolean(one.payload.reconcile));
}

/**
 * Whether an update may go to its place now, among what else the incident tells the same place: after what is older,
 * and not at all once a newer update makes it stale. Pure.
 */
export function turnOf(own: InLine, others: readonly InLine[], now: Date): Turn {
  const isStale = (one: InLine) => now.getTime() - one.createdAt.getTime() >= STALE_AFTER_MS;
  // What happened is told whatever came after it; an update says what holds.
  const isOutdated = (one: InLine) => saysWhatHolds(own) && saysWhatHolds(one) && one.createdAt > own.createdAt;
  const newer = others.filter(isOutdated);
  if (newer.some((one) => one.state === "sent")) return { is: "over", reason: "A newer update arrived first." };
  if (isStale(own) && newer.some(isOnItsWay)) {
    return { is: "over", reason: "It could not be sent in time, and a newer update takes its place." };
  }
  const hasWaited = now.getTime() - own.createdAt.getTime() > ORDER_WAIT_MAX_MS;
  const isDue = (one: InLine) => one.nextAttemptAt === null || one.nextAttemptAt <= now;
  const before = others.filter((one) => one.createdAt < own.createdAt && isOnItsWay(one) && !isStale(one));
  const first = before.find((one) => !hasWaited || (one.state !== "sending" && isDue(one)));
  if (!first) return { is: "its" };
  return { is: "not yet", until: new Date(now.getTime() + ORDER_RECHECK_MS) };
}

/**
 * What else of its incident or maintenance goes, or went, to the place of each of these deliveries of one channel;
 * other messages of the same update stand aside. One query.
 */
export async function othersToSamePlaces(
  tx: Sql,
  rows: readonly DeliveryRow[],
): Promise<(row: DeliveryRow) => InLine[]> {
  const [first] = rows;
  if (!first) return () => [];
  const ofIncidents = [...new Set(rows.flatMap((row) => row.incidentId ?? []))];
  const ofMaintenances = [...new Set(rows.flatMap((row) => row.maintenanceId ?? []))];
  const found = await tx
    .select({
      id: deliveries.id,
      incidentId: deliveries.incidentId,
      maintenanceId: deliveries.maintenanceId,
      updateId: deliveries.updateId,
      destination: deliveries.destination,
      kind: deliveries.kind,
      state: deliveries.state,
      createdAt: deliveries.createdAt,
      nextAttemptAt: deliveries.nextAttemptAt,
      payload: deliveries.payload,
    })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.channel, first.channel),
        or(inArray(deliveries.incidentId, ofIncidents), inArray(deliveries.maintenanceId, ofMaintenances)),
        inArray(deliveries.destination, [...new Set(rows.map((row) => row.destination))]),
      ),
    );
  return (row) =>
    found.filter(
      (one) =>
        one.id !== row.id &&
        one.destination === row.destination &&
        one.incidentId === row.incidentId &&
        one.maintenanceId === row.maintenanceId &&
        (one.updateId === null || one.updateId !== row.updateId),
    );
}
