import type { Sql } from "#/db/client.ts";
import { requireAbility } from "#/server/access/index.ts";
import { endMute, moveMute, planMute } from "#/server/alerts/index.ts";
import { enqueueRebuild, lockTogether } from "#/server/audience/index.ts";
import { type Ctx, recordAudit } from "#/server/events/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { wellFormed } from "#/server/platform/well-formed.ts";
import { windowText } from "#/server/updates/index.ts";
import type { ChangeMaintenanceInput, MaintenanceView } from "./contract.ts";
import { applyToComponents } from "./enter-stage.ts";
import { readMaintenance } from "./maintenance-queries.ts";
import { pastReminders, requireNotEnded, requireWindow } from "./rules.ts";
import { say } from "./say.ts";
import { componentIdsOf, muteServiceIdsOf } from "./schedule-maintenance.ts";
import { lockMaintenance, type MaintenanceRow, saveMaintenance, watchMaintenance } from "./store.ts";

function sameTime(a: Date, b: Date): boolean {
  return a.getTime() === b.getTime();
}

/** The window that is asked for. @throws AppError "invalid" | "conflict" */
function windowOf(before: MaintenanceRow, input: ChangeMaintenanceInput, now: Date) {
  const fromAt = input.from ? new Date(input.from) : before.fromAt;
  const untilAt = input.until ? new Date(input.until) : before.untilAt;
  const verifyMinutes = input.verifyMinutes ?? before.verifyMinutes;
  const isMoved = !sameTime(fromAt, before.fromAt);
  if (isMoved && before.status !== "scheduled") {
    throw new AppError("conflict", "It has begun: its start stays as it was.");
  }
  const isChanged = isMoved || !sameTime(untilAt, before.untilAt) || verifyMinutes !== before.verifyMinutes;
  if (isChanged) requireWindow({ fromAt, untilAt, verifyMinutes }, now, isMoved);
  return { fromAt, untilAt, verifyMinutes };
}

/** What people read of another window. Pure. */
export function movedText(before: Pick<MaintenanceRow, "fromAt" | "untilAt">, after: typeof before): string {
  const window = windowText(after.fromAt, after.untilAt);
  if (!sameTime(before.fromAt, after.fromAt)) return `The maintenance was moved. It now takes place ${window}.`;
  const isLonger = after.untilAt > before.untilAt;
  return `The maintenance takes ${isLonger ? "longer" : "less time"} than planned: ${window}.`;
}

/** Keeps the mute in step with the window and the services. Answers its id. */
async function muteOf(tx: Sql, ctx: Ctx, before: MaintenanceRow, after: MaintenanceRow): Promise<string | null> {
  const span = {
    fromAt: before.status === "scheduled" ? after.fromAt : (before.startedAt ?? after.fromAt),
    untilAt: after.untilAt,
  };
  const isSame = before.muteServiceIds.toSorted().join() === after.muteServiceIds.toSorted().join();
  if (isSame) {
    if (before.muteId) await moveMute(tx, ctx, before.muteId, span);
    return before.muteId;
  }
  if (before.muteId) await endMute(tx, ctx, before.muteId);
  if (after.muteServiceIds.length === 0) return null;
  return planMute(tx, ctx, { ...span, reason: `Maintenance: ${after.title}`, serviceIds: after.muteServiceIds });
}

/**
 * Changes a maintenance that is not over: its words, its components, its window. Another window is said to people.
 *
 * One transaction with its audit entry, the mute and the job that goes on with it. Safe to repeat: what is the same is
 * not said again.
 * @throws AppError "forbidden" | "not_found" | "invalid" | "conflict"
 */
export async function changeMaintenance(ctx: Ctx, id: string, given: ChangeMaintenanceInput): Promise<MaintenanceView> {
  requireAbility(ctx.actor, "maintenance.write");
  const { body, notify = true, ...input } = wellFormed(given) as ChangeMaintenanceInput;
  return ctx.db.transaction(async (tx) => {
    const before = await lockMaintenance(tx, id);
    requireNotEnded(before.status);
    await lockTogether(tx, [...before.componentIds, ...(input.components ?? [])]);
    const now = ctx.now();
    const window = windowOf(before, input, now);
    const reminders = input.reminders ? [...new Set(input.reminders)].sort((a, b) => b - a) : before.reminders;
    const isMoved = !sameTime(window.fromAt, before.fromAt);
    const past = pastReminders({ fromAt: window.fromAt, reminders }, now);
    const changed = await saveMaintenance(tx, id, {
      ...window,
      title: input.title ?? before.title,
      componentIds: input.components ? await componentIdsOf(tx, input.components) : before.componentIds,
      reminders,
      // With another start the reminders begin anew.
      reminded: isMoved ? past : [...new Set([...before.reminded, ...past])],
      channels: input.channels ? [...new Set(input.channels)] : before.channels,
      muteServiceIds: input.muteServices ? await muteServiceIdsOf(tx, ctx, input.muteServices) : before.muteServiceIds,
      updatedAt: now,
    });
    const row = await saveMaintenance(tx, id, { muteId: await muteOf(tx, ctx, before, changed) });
    const touched = [...new Set([...before.componentIds, ...row.componentIds])];
    const components = await applyToComponents(tx, ctx, touched);
    const isOtherWindow = isMoved || !sameTime(row.untilAt, before.untilAt);
    if (isOtherWindow || body) {
      await say(tx, ctx, row, { body: body ?? movedText(before, row), components, notify });
    } else await enqueueRebuild(tx, ctx);
    await watchMaintenance(tx, ctx, row);
    await recordAudit(tx, ctx, {
      action: "maintenance.changed",
      objectKind: "maintenance",
      objectId: id,
      detail: { title: row.title, ...input },
    });
    return readMaintenance(tx, ctx, id);
  });
}
