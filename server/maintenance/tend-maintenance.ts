import { systemActor } from "#/server/access/index.ts";
import { type Core, ctxFor } from "#/server/events/index.ts";
import { isAppError } from "#/server/platform/errors.ts";
import { enterStage } from "./enter-stage.ts";
import { dueStep } from "./rules.ts";
import { remind } from "./say.ts";
import { lockMaintenance, saveMaintenance, selectOpen, TEND_JOB, watchMaintenance } from "./store.ts";

/** The queue's clock is the database's, ours the process's. */
const CLOCK_TOLERANCE_MS = 1_000;

/**
 * Does what time asks of a maintenance: reminds of it, starts it, has it verified, completes it; after a standstill
 * all that is due, one after the other. One transaction with its deliveries and the next job. Safe to repeat, at any
 * time: what is not due stays as it is.
 */
export async function tendMaintenance(core: Core, id: string): Promise<void> {
  const ctx = ctxFor(core, systemActor);
  await core.db.transaction(async (tx) => {
    const found = await lockMaintenance(tx, id).catch((error: unknown) => {
      if (isAppError(error) && error.code === "not_found") return undefined;
      throw error;
    });
    if (!found) return;
    let row = found;
    const now = new Date(core.now().getTime() + CLOCK_TOLERANCE_MS);
    for (let step = dueStep(row, now); step; step = dueStep(row, now)) {
      if (step.do === "remind") {
        row = await saveMaintenance(tx, id, { reminded: step.reminded });
        await remind(tx, ctx, row);
      } else if (step.do === "start") {
        // Whose whole time has passed begins for the record only: people hear of its end.
        row = await enterStage(tx, ctx, row, "in_progress", { notify: !step.isLate });
      } else row = await enterStage(tx, ctx, row, step.do === "verify" ? "verifying" : "completed", { notify: true });
    }
    await watchMaintenance(tx, ctx, row);
  });
}

/** Registers the worker; before the queue starts. `recover` makes the jobs again that a restored database lost. */
export function registerMaintenance(core: Core): { recover(): Promise<void> } {
  core.queue.work(TEND_JOB, {}, (data) => tendMaintenance(core, String(data.maintenanceId)));
  return {
    recover: () =>
      core.db.transaction(async (tx) => {
        for (const row of await selectOpen(tx)) await watchMaintenance(tx, core, row);
      }),
  };
}
