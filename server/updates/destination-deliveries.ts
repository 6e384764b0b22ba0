import { and, desc, eq, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { deliveries, destinations, incidents } from "#/db/schema/index.ts";
import { requireAbility, visibleTo } from "#/server/access/index.ts";
import { type Ctx, touchRoom } from "#/server/events/index.ts";
import { decodeCursor, pageOf } from "#/server/platform/cursor.ts";
import { AppError } from "#/server/platform/errors.ts";
import type { DestinationDeliveryView } from "./contract.ts";
import { enqueueDelivery, saveDelivery } from "./delivery-store.ts";
import { startedAnew } from "./retry-delivery.ts";

const columns = {
  id: deliveries.id,
  kind: deliveries.kind,
  payload: deliveries.payload,
  state: deliveries.state,
  attempts: deliveries.attempts,
  nextAttemptAt: deliveries.nextAttemptAt,
  lastError: deliveries.lastError,
  createdAt: deliveries.createdAt,
  sentAt: deliveries.sentAt,
};
type Found = Pick<typeof deliveries.$inferSelect, keyof typeof columns> & { reference: string | null };

function eventOf({ kind, payload }: Found): string {
  const event = payload.event as { type?: unknown } | undefined;
  if (typeof event?.type === "string") return event.type;
  return kind === "correction" ? "update.corrected" : "update.published";
}

function present(row: Found): DestinationDeliveryView {
  const isWaiting = row.state === "queued" || row.state === "retrying";
  return {
    id: row.id,
    event: eventOf(row),
    incident: row.reference,
    state: row.state,
    attempts: row.attempts,
    nextAttemptAt: isWaiting ? (row.nextAttemptAt?.toISOString() ?? null) : null,
    lastError: row.lastError,
    createdAt: row.createdAt.toISOString(),
    sentAt: row.sentAt?.toISOString() ?? null,
  };
}

async function requireDestination(q: Sql, id: string): Promise<void> {
  if ((await q.$count(destinations, eq(destinations.id, id))) === 0) {
    throw new AppError("not_found", "There is no such destination.");
  }
}

/** What went to a destination, newest first. Incidents that the actor may not see have no reference here. @throws AppError "forbidden" | "not_found" */
export async function listDestinationDeliveries(
  q: Sql,
  ctx: Ctx,
  id: string,
  page: { cursor?: string | undefined; limit: number },
): Promise<{ items: DestinationDeliveryView[]; nextCursor: string | null }> {
  requireAbility(ctx.actor, "audiences.read");
  await requireDestination(q, id);
  const after = decodeCursor(page.cursor, ["instant", "id"]);
  const found = await q
    .select({
      ...columns,
      reference: sql<string | null>`case when ${visibleTo(ctx.actor)} then ${incidents.reference} end`,
    })
    .from(deliveries)
    .innerJoin(incidents, eq(incidents.id, deliveries.incidentId))
    .where(
      and(
        eq(deliveries.destinationId, id),
        after
          ? sql`(${deliveries.createdAt}, ${deliveries.id}) < (${after[0]}::timestamptz, ${after[1]}::uuid)`
          : undefined,
      ),
    )
    .orderBy(desc(deliveries.createdAt), desc(deliveries.id))
    .limit(page.limit + 1);
  const { items, nextCursor } = pageOf<Found>(found, page.limit, (last) => [last.createdAt.toISOString(), last.id]);
  return { items: items.map(present), nextCursor };
}

/**
 * *Send again*: a delivery to a destination that failed, or of which nobody knows whether it arrived, starts anew under
 * the same id. One transaction with its job. Safe to repeat.
 * @throws AppError "forbidden" | "not_found"
 */
export async function retryDestinationDelivery(
  ctx: Ctx,
  id: string,
  deliveryId: string,
): Promise<DestinationDeliveryView> {
  requireAbility(ctx.actor, "audiences.write");
  return ctx.db.transaction(async (tx) => {
    await requireDestination(tx, id);
    const [found] = await tx
      .select({ row: deliveries, reference: incidents.reference })
      .from(deliveries)
      .innerJoin(incidents, eq(incidents.id, deliveries.incidentId))
      .where(and(eq(deliveries.id, deliveryId), eq(deliveries.destinationId, id), visibleTo(ctx.actor)))
      .for("update", { of: deliveries });
    if (!found) throw new AppError("not_found", "There is no such delivery.");
    const { row, reference } = found;
    if (row.state !== "failed" && row.state !== "unknown") return present({ ...row, reference });
    const change = startedAnew(row, ctx.now());
    await saveDelivery(tx, row.id, change);
    await enqueueDelivery(tx, ctx, row);
    if (row.incidentId) await touchRoom(tx, ctx, row.incidentId, ["updates"]);
    return present({ ...row, ...change, reference });
  });
}
