import { and, eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { deliveries, type updates } from "#/db/schema/index.ts";
import { selectRecipients } from "#/server/audience/index.ts";
import { type Ctx, touchRoom } from "#/server/events/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { readSettings } from "#/server/settings/index.ts";
import type { UpdateView } from "./contract.ts";
import { lockUpdate, requireStillPublic } from "./correct-update.ts";
import {
  addDeliveries,
  type DeliveryRow,
  enqueueDelivery,
  mailDeliveries,
  SUBSCRIBERS,
  saveDelivery,
  slackDelivery,
} from "./delivery-store.ts";
import { readUpdate } from "./update-queries.ts";

type UpdateRow = typeof updates.$inferSelect;

/** Replaces the row that stood for every recipient by one for each, now that mail is set up. */
async function expand(tx: Sql, ctx: Ctx, update: UpdateRow, row: DeliveryRow): Promise<void> {
  const settings = await readSettings(tx, ctx);
  if (!settings.smtp) throw new AppError("conflict", row.lastError ?? "Mail is not set up.");
  const named = update.components.map((component) => component.id);
  const recipients = await selectRecipients(tx, { audience: update.audience, components: named });
  const kind = row.kind === "correction" ? "correction" : "update";
  const subject = { incidentId: update.incidentId, updateId: update.id, kind } as const;
  await addDeliveries(tx, ctx, mailDeliveries(subject, settings, recipients));
  await saveDelivery(tx, row.id, { state: "superseded", lastError: null });
}

/** Where a Slack message goes now; the row may be from before Slack was connected. @throws AppError "conflict" */
async function slackDestination(tx: Sql, ctx: Ctx, row: DeliveryRow): Promise<string> {
  const subject = { incidentId: row.incidentId, updateId: row.updateId, kind: "update" as const };
  const wanted = slackDelivery(subject, await readSettings(tx, ctx));
  if (wanted.refusal) throw new AppError("conflict", wanted.refusal);
  return wanted.destination;
}

/**
 * *Send again*: a delivery that failed, or of which nobody knows whether it arrived, starts anew.
 *
 * One transaction with its job. Safe to repeat: one that waits, is being sent or has arrived stays as it is.
 * @throws AppError "not_found" | "forbidden" | "conflict" while its channel is not set up
 */
export async function retryDelivery(ctx: Ctx, key: string, updateId: string, deliveryId: string): Promise<UpdateView> {
  return ctx.db.transaction(async (tx) => {
    const { incident, update } = await lockUpdate(tx, ctx, key, updateId);
    requireStillPublic(incident);
    const [row] = await tx
      .select()
      .from(deliveries)
      .where(and(eq(deliveries.id, deliveryId), eq(deliveries.updateId, update.id)))
      .for("update");
    if (!row) throw new AppError("not_found", "There is no such delivery.");
    if (row.state !== "failed" && row.state !== "unknown") return readUpdate(tx, ctx, update.id);
    if (row.destination === SUBSCRIBERS) await expand(tx, ctx, update, row);
    else {
      const destination = row.channel === "slack" ? await slackDestination(tx, ctx, row) : row.destination;
      const { reconcile: _, resent: __, ...payload } = row.payload;
      const change = {
        state: "queued" as const,
        attempts: 0,
        nextAttemptAt: null,
        lastError: null,
        destination,
        payload,
      };
      await saveDelivery(tx, row.id, change);
      await enqueueDelivery(tx, ctx, row);
    }
    await touchRoom(tx, ctx, incident.id, ["updates"]);
    return readUpdate(tx, ctx, update.id);
  });
}
