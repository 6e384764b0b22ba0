import { and, eq, inArray, ne } from "drizzle-orm";
import { alerts, intakes, integrations } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type Ctx, recordAudit } from "#/server/events/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { parseDelivery } from "./delivery.ts";
import { PROCESS_DELIVERIES_JOB } from "./intake-window.ts";
import { readDelivery } from "./read-delivery.ts";
import { mappingOf } from "./receive-delivery.ts";

/**
 * Reads a delivery of the inbox again, by what is known of its source now. The generic alerts that stood for it end.
 * One transaction; the job that reads it is enqueued in it. @throws AppError "not_found", "conflict" for a delivery
 * that was understood: reading it twice would count its alerts twice.
 */
export async function replayDelivery(ctx: Ctx, deliveryId: string): Promise<void> {
  requireAbility(ctx.actor, "integrations.write");
  await ctx.db.transaction(async (tx) => {
    const [intake] = await tx.select().from(intakes).where(eq(intakes.id, deliveryId)).for("update");
    const [integration] = intake
      ? await tx.select().from(integrations).where(eq(integrations.id, intake.integrationId))
      : [];
    if (!intake || !integration) throw new AppError("not_found", "There is no such delivery.");
    if (intake.state === "processed" && intake.recognised) {
      throw new AppError(
        "conflict",
        "This delivery was understood already. Only those of the inbox can be read again.",
      );
    }
    const read = readDelivery(intake.source, mappingOf(integration, intake.source), parseDelivery(intake));
    const now = ctx.now();
    const made = intake.recognised ? [] : intake.alerts.map(({ id }) => id).filter(Boolean);
    if (made.length > 0) {
      const explanation = {
        rule: "replayed",
        text: `${ctx.actor.name} had its delivery read again.`,
        at: now.toISOString(),
      };
      await tx
        .update(alerts)
        .set({ status: "resolved", resolvedAt: now, explanation })
        .where(and(inArray(alerts.id, made), ne(alerts.status, "resolved"), eq(alerts.recognised, false)));
    }
    await tx
      .update(intakes)
      .set({ state: "stored", alerts: [], error: null, accepted: read.accepted, recognised: read.recognised })
      .where(eq(intakes.id, deliveryId));
    await ctx.queue.enqueue(tx, PROCESS_DELIVERIES_JOB, { deliveryIds: [deliveryId] });
    await recordAudit(tx, ctx, { action: "delivery.replay", objectKind: "delivery", objectId: deliveryId });
  });
}

/** Takes a delivery out of the inbox without reading it again. One transaction, safe to repeat. */
export async function dismissDelivery(ctx: Ctx, deliveryId: string): Promise<void> {
  requireAbility(ctx.actor, "integrations.write");
  await ctx.db.transaction(async (tx) => {
    const [row] = await tx
      .update(intakes)
      .set({ dismissedAt: ctx.now() })
      .where(eq(intakes.id, deliveryId))
      .returning({ id: intakes.id });
    if (!row) throw new AppError("not_found", "There is no such delivery.");
    await recordAudit(tx, ctx, { action: "delivery.dismiss", objectKind: "delivery", objectId: deliveryId });
  });
}
