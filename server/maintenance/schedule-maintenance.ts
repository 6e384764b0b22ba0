import type { Sql } from "#/db/client.ts";
import { maintenances } from "#/db/schema/index.ts";
import { requireAbility, userIdOf } from "#/server/access/index.ts";
import { planMute } from "#/server/alerts/index.ts";
import { lockComponents } from "#/server/audience/index.ts";
import { type Ctx, recordAudit } from "#/server/events/index.ts";
import { resolveServices } from "#/server/incidents/index.ts";
import { randomBase36 } from "#/server/platform/crypto.ts";
import { AppError } from "#/server/platform/errors.ts";
import { wellFormed } from "#/server/platform/well-formed.ts";
import { PUBLIC_ID_LENGTH } from "#/server/updates/index.ts";
import type { MaintenanceView, ScheduleMaintenanceInput } from "./contract.ts";
import { applyToComponents } from "./enter-stage.ts";
import { outletsOf, readMaintenance } from "./maintenance-queries.ts";
import { pastReminders, requireWindow } from "./rules.ts";
import { say } from "./say.ts";
import { MAINTENANCES_OPEN_MAX, type MaintenanceChannel, REMINDERS_DEFAULT } from "./shared/lists.ts";
import { countOpen, watchMaintenance } from "./store.ts";

/** Without a choice news go wherever they can. */
async function readyChannels(tx: Sql, ctx: Ctx): Promise<MaintenanceChannel[]> {
  const { channels } = await outletsOf(tx, ctx);
  return channels.flatMap(({ channel, isReady }) => (isReady ? [channel] : []));
}

/** Ids of the components that are named, each once. @throws AppError "invalid" */
export async function componentIdsOf(tx: Sql, keys: readonly string[]): Promise<string[]> {
  const chosen = await lockComponents(tx, keys);
  return [...new Set([...chosen.values()].map((row) => row.id))];
}

/** The services to keep quiet. Whoever may schedule may mute too, unless their token says otherwise. @throws AppError "forbidden" */
export async function muteServiceIdsOf(tx: Sql, ctx: Ctx, keys: readonly string[]): Promise<string[]> {
  if (keys.length > 0) requireAbility(ctx.actor, "alertmutes.write");
  return resolveServices(tx, keys);
}

/**
 * Schedules a maintenance and announces it: on the status page, and by its channels. One that begins now is in progress
 * at once.
 *
 * One transaction: the maintenance, the announcement with its deliveries, the mute, the job that goes on with it and
 * the audit entry appear together or not at all.
 * @throws AppError "forbidden" | "invalid" | "conflict" when too many are planned
 */
export async function scheduleMaintenance(ctx: Ctx, given: ScheduleMaintenanceInput): Promise<MaintenanceView> {
  requireAbility(ctx.actor, "maintenance.write");
  const input = wellFormed(given) as ScheduleMaintenanceInput;
  const now = ctx.now();
  const window = { fromAt: new Date(input.from), untilAt: new Date(input.until) };
  const verifyMinutes = input.verifyMinutes ?? 0;
  requireWindow({ ...window, verifyMinutes }, now, true);
  const isNow = window.fromAt <= now;
  const reminders = [...new Set(input.reminders ?? REMINDERS_DEFAULT)].sort((a, b) => b - a);
  return ctx.db.transaction(async (tx) => {
    if ((await countOpen(tx)) >= MAINTENANCES_OPEN_MAX) {
      throw new AppError("conflict", `${MAINTENANCES_OPEN_MAX} are planned already: complete or cancel some first.`);
    }
    const componentIds = await componentIdsOf(tx, input.components ?? []);
    const muteServiceIds = await muteServiceIdsOf(tx, ctx, input.muteServices ?? []);
    const reason = `Maintenance: ${input.title}`;
    const muteId =
      muteServiceIds.length > 0 ? await planMute(tx, ctx, { ...window, reason, serviceIds: muteServiceIds }) : null;
    const [row] = await tx
      .insert(maintenances)
      .values({
        ...window,
        publicId: randomBase36(PUBLIC_ID_LENGTH),
        title: input.title,
        status: isNow ? "in_progress" : "scheduled",
        componentIds,
        verifyMinutes,
        reminders,
        reminded: pastReminders({ ...window, reminders }, now),
        channels: input.channels ? [...new Set(input.channels)] : await readyChannels(tx, ctx),
        muteServiceIds,
        muteId,
        createdById: userIdOf(ctx.actor),
        createdByName: ctx.actor.name,
        createdAt: now,
        updatedAt: now,
        startedAt: isNow ? now : null,
      })
      .returning();
    if (!row) throw new Error("an inserted maintenance was not returned");
    const components = await applyToComponents(tx, ctx, row.componentIds);
    await say(tx, ctx, row, { body: input.body, components, notify: true });
    await watchMaintenance(tx, ctx, row);
    const { body: _, ...detail } = input;
    await recordAudit(tx, ctx, {
      action: "maintenance.scheduled",
      objectKind: "maintenance",
      objectId: row.id,
      detail,
    });
    return readMaintenance(tx, ctx, row.id);
  });
}
