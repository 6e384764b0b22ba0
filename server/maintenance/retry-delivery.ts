import { and, eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { deliveries } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import { selectRecipients } from "#/server/audience/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { readSettings } from "#/server/settings/index.ts";
import {
  addDeliveries,
  type DeliveryRow,
  enqueueDelivery,
  mailDeliveries,
  mayBeSentAgain,
  SUBSCRIBERS,
  saveDelivery,
  slackDelivery,
  startedAnew,
} from "#/server/updates/index.ts";
import type { MaintenanceView } from "./contract.ts";
import { readMaintenance } from "./maintenance-queries.ts";
import { lockMaintenance, type MaintenanceRow } from "./store.ts";

/** Where a message goes now: it may be from before its channel was set up. @throws AppError "conflict" */
async function sendAgain(tx: Sql, ctx: Ctx, row: MaintenanceRow, failed: DeliveryRow): Promise<void> {
  const settings = await readSettings(tx, ctx);
  const anew = startedAnew(failed, ctx.now());
  const { payload } = anew;
  const kind = failed.kind === "maintenance_reminder" ? failed.kind : "maintenance";
  const subject = {
    incidentId: null,
    maintenanceId: row.id,
    updateId: null,
    kind,
    ...(payload && { payload }),
  } as const;
  if (failed.destination === SUBSCRIBERS) {
    if (!settings.smtp) throw new AppError("conflict", failed.lastError ?? "Mail is not set up.");
    const recipients = await selectRecipients(tx, { audience: "public", components: row.componentIds });
    await addDeliveries(tx, ctx, mailDeliveries(subject, settings, recipients));
    await saveDelivery(tx, failed.id, { state: "superseded", lastError: null });
    return;
  }
  const slack = failed.channel === "slack" ? slackDelivery(subject, settings) : undefined;
  if (slack?.refusal) throw new AppError("conflict", slack.refusal);
  await saveDelivery(tx, failed.id, { ...anew, destination: slack?.destination ?? failed.destination });
  await enqueueDelivery(tx, ctx, failed);
}

/**
 * *Send again*: a message that failed, or of which nobody knows whether it arrived, starts anew; one that
 * is still looked for stays as it is. One to a suppressed address arrives once that is released.
 * One transaction with its job. Safe to repeat. @throws AppError "forbidden" | "not_found" | "conflict" while its channel is not set up
 */
export async function retryMaintenanceDelivery(ctx: Ctx, id: string, deliveryId: string): Promise<MaintenanceView> {
  requireAbility(ctx.actor, "maintenance.write");
  return ctx.db.transaction(async (tx) => {
    const row = await lockMaintenance(tx, id);
    const [failed] = await tx
      .select()
      .from(deliveries)
      .where(and(eq(deliveries.id, deliveryId), eq(deliveries.maintenanceId, id)))
      .for("update");
    if (!failed) throw new AppError("not_found", "There is no such delivery.");
    if (mayBeSentAgain(failed)) await sendAgain(tx, ctx, row, failed);
    return readMaintenance(tx, ctx, id);
  });
}
