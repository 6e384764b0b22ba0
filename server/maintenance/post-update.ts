import { and, eq } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { deliveries, maintenanceUpdates } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type Ctx, recordAudit } from "#/server/events/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { wellFormedText } from "#/server/platform/well-formed.ts";
import { addDeliveries, type NewDelivery, STATUS_PAGE, untried } from "#/server/updates/index.ts";
import type { CancelMaintenanceInput, MaintenanceView, PostMaintenanceUpdateInput } from "./contract.ts";
import { applyToComponents, enterStage } from "./enter-stage.ts";
import { readMaintenance } from "./maintenance-queries.ts";
import { requireFollowing, requireNotEnded } from "./rules.ts";
import { say } from "./say.ts";
import { usualText } from "./shared/words.ts";
import { lockMaintenance, type MaintenanceRow, watchMaintenance } from "./store.ts";

async function record(tx: Sql, ctx: Ctx, what: string, row: MaintenanceRow, detail = {}): Promise<void> {
  const entry = { objectKind: "maintenance", objectId: row.id, detail: { title: row.title, ...detail } };
  await recordAudit(tx, ctx, { action: `maintenance.${what}`, ...entry });
}

/**
 * Says something during a maintenance, and takes it into another stage when a status is given: it starts early, goes
 * to verifying and back, or is completed.
 *
 * One transaction with its deliveries, the states of components and the audit entry. A status that it has already is
 * said again only with words of its own, so repeating an act tells nobody twice.
 * @throws AppError "forbidden" | "not_found" | "conflict"
 */
export async function postMaintenanceUpdate(
  ctx: Ctx,
  id: string,
  input: PostMaintenanceUpdateInput,
): Promise<MaintenanceView> {
  requireAbility(ctx.actor, "maintenance.write");
  const body = input.body === undefined ? undefined : wellFormedText(input.body);
  const notify = input.notify ?? true;
  return ctx.db.transaction(async (tx) => {
    const row = await lockMaintenance(tx, id);
    if (input.status) requireFollowing(row.status, input.status);
    const isNew = input.status !== undefined && input.status !== row.status;
    if (!isNew && !body) return readMaintenance(tx, ctx, id);
    if (isNew && input.status) {
      const after = await enterStage(tx, ctx, row, input.status, { body, notify });
      await watchMaintenance(tx, ctx, after);
      await record(tx, ctx, input.status, after);
    } else if (body) {
      requireNotEnded(row.status);
      await say(tx, ctx, row, { body, components: await applyToComponents(tx, ctx, row.componentIds), notify });
      await record(tx, ctx, "said", row);
    }
    return readMaintenance(tx, ctx, id);
  });
}

/**
 * Calls a maintenance off, before it begins or while it runs. One transaction with its deliveries and the audit entry.
 * Safe to repeat. @throws AppError "forbidden" | "not_found" | "conflict" when it is completed
 */
export async function cancelMaintenance(ctx: Ctx, id: string, input: CancelMaintenanceInput): Promise<MaintenanceView> {
  requireAbility(ctx.actor, "maintenance.write");
  const reason = wellFormedText(input.reason ?? "");
  return ctx.db.transaction(async (tx) => {
    const row = await lockMaintenance(tx, id);
    if (row.status === "cancelled") return readMaintenance(tx, ctx, id);
    requireNotEnded(row.status);
    const usual = usualText(row.status, "cancelled");
    const body = reason ? `${usual} ${reason}` : usual;
    const after = await enterStage(tx, ctx, row, "cancelled", { body, notify: input.notify ?? true });
    await record(tx, ctx, "cancelled", after, { reason });
    return readMaintenance(tx, ctx, id);
  });
}

/** The page again, and each message in Slack, which is edited in place. */
async function corrections(tx: Sql, maintenanceId: string, updateId: string): Promise<NewDelivery[]> {
  const subject = { incidentId: null, maintenanceId, updateId: null, kind: "correction" as const };
  const posted = await tx
    .select()
    .from(deliveries)
    .where(and(eq(deliveries.maintenanceId, maintenanceId), eq(deliveries.channel, "slack")));
  const toEdit = posted.filter((one) => one.payload.updateId === updateId && !one.payload.corrects);
  return [
    { ...subject, channel: "status_page", destination: STATUS_PAGE, payload: { updateId } },
    ...toEdit
      .filter((one) => !["failed", "superseded", "cancelled"].includes(one.state))
      .map((one) => ({
        ...subject,
        channel: "slack" as const,
        destination: one.destination,
        payload: { ...untried(one), corrects: one.id },
      })),
  ];
}

/**
 * Corrects what was said: the page and feeds mark it *corrected*, Slack is edited in place, no mail goes again;
 * what waits to be sent says the new words by itself.
 * One transaction with the audit entry, which keeps the text before. Safe to repeat: the same text changes nothing.
 * @throws AppError "forbidden" | "not_found"
 */
export async function correctMaintenanceUpdate(
  ctx: Ctx,
  id: string,
  updateId: string,
  text: string,
): Promise<MaintenanceView> {
  requireAbility(ctx.actor, "maintenance.write");
  const body = wellFormedText(text);
  return ctx.db.transaction(async (tx) => {
    const row = await lockMaintenance(tx, id);
    const isIt = and(eq(maintenanceUpdates.id, updateId), eq(maintenanceUpdates.maintenanceId, id));
    const [before] = await tx.select().from(maintenanceUpdates).where(isIt);
    if (!before) throw new AppError("not_found", "There is no such update.");
    if (before.body === body) return readMaintenance(tx, ctx, id);
    await tx.update(maintenanceUpdates).set({ body, correctedAt: ctx.now() }).where(isIt);
    await addDeliveries(tx, ctx, await corrections(tx, id, updateId));
    await record(tx, ctx, "corrected", row, { updateId, bodyBefore: before.body });
    return readMaintenance(tx, ctx, id);
  });
}
