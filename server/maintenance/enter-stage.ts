import type { Sql } from "#/db/client.ts";
import type { ComponentChange } from "#/db/schema/index.ts";
import { endMute, moveMute } from "#/server/alerts/index.ts";
import { refreshComponentStates, reviewUnexplained } from "#/server/audience/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { say } from "./say.ts";
import { isEnded, isRunning, type MaintenanceStatus } from "./shared/lists.ts";
import { usualText } from "./shared/words.ts";
import { type MaintenanceRow, saveMaintenance, selectStates } from "./store.ts";

/** Brings components to what holds now, and says of each how it was and is. In the caller's transaction, after the maintenance is written. */
export async function applyToComponents(tx: Sql, ctx: Ctx, ids: readonly string[]): Promise<ComponentChange[]> {
  if (ids.length === 0) return [];
  const before = new Map((await selectStates(tx, ids)).map((one) => [one.id, one.status]));
  await refreshComponentStates(tx, ctx, ids);
  await reviewUnexplained(tx, ctx, ids);
  const after = await selectStates(tx, ids);
  return after.map(({ id, name, status }) => ({ id, name, oldStatus: before.get(id) ?? status, newStatus: status }));
}

type Said = { body?: string | undefined; notify: boolean };

/**
 * Takes a maintenance into a stage and says so: components go under maintenance or come back, and its mute begins with
 * an early start and ends with it. In the caller's transaction, under the row's lock; the stage is allowed.
 */
export async function enterStage(
  tx: Sql,
  ctx: Ctx,
  row: MaintenanceRow,
  status: Exclude<MaintenanceStatus, "scheduled">,
  { body, notify }: Said,
): Promise<MaintenanceRow> {
  const now = ctx.now();
  const after = await saveMaintenance(tx, row.id, {
    status,
    updatedAt: now,
    ...(isRunning(status) && { startedAt: row.startedAt ?? now }),
    ...(isEnded(status) && { endedAt: now }),
    // Whoever takes it back to work decides when to verify again.
    ...(row.status === "verifying" && status === "in_progress" && { verifyMinutes: 0 }),
  });
  const components = await applyToComponents(tx, ctx, row.componentIds);
  if (row.muteId && isEnded(status)) await endMute(tx, ctx, row.muteId);
  else if (row.muteId && row.status === "scheduled" && row.fromAt > now) {
    await moveMute(tx, ctx, row.muteId, { fromAt: now, untilAt: row.untilAt });
  }
  await say(tx, ctx, after, { body: body ?? usualText(row.status, status), components, notify });
  return after;
}
