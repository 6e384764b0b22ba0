import { and, eq, lte } from "drizzle-orm";
import { deliveries } from "#/db/schema/index.ts";
import { systemActor } from "#/server/access/index.ts";
import { type Core, ctxFor } from "#/server/events/index.ts";
import { messageOf } from "#/server/platform/errors.ts";
import { claimDelivery, LEASE_MS } from "./claim-delivery.ts";
import { enqueueDelivery, enqueueWaiting, FAN_OUT_JOB, fanOut, jobOf, subjectOf } from "./delivery-store.ts";
import { type Outcome, recordOutcome } from "./record-outcome.ts";
import { type Doors, sendDelivery } from "./send-delivery.ts";
import { type OutboundChannel, outboundChannels } from "./shared/lists.ts";

/** Deliveries of a channel that are on their way at once: a channel that hangs holds only its own workers. */
const CONCURRENCY: Record<OutboundChannel, number> = {
  status_page: 1,
  slack: 2,
  email: 4,
  webhook: 2,
  pagerduty: 1,
  opsgenie: 1,
  source: 1,
};
/** Tries of a job whose own bookkeeping failed; the schedule of attempts is kept in the row. */
const JOB_RETRIES = 10;

/** Until when a channel is left alone because its other side asked for it; forgotten by a restart. */
export type Pauses = Map<OutboundChannel, Date>;

/**
 * Makes one attempt of one delivery: claims it, sends it outside any transaction, and writes down what became of it.
 * Safe to repeat at any point: the row says what is left to do.
 */
export async function deliver(core: Core, doors: Doors, pauses: Pauses, deliveryId: string): Promise<void> {
  const ctx = ctxFor(core, systemActor);
  const [found] = await core.db.read
    .select({ channel: deliveries.channel })
    .from(deliveries)
    .where(eq(deliveries.id, deliveryId));
  if (!found) return;
  const claim = await claimDelivery(ctx, deliveryId, pauses.get(found.channel));
  if (!claim) return;
  const outcome = await sendDelivery(core, claim, doors).catch((error: unknown): Outcome => {
    // Neither door throws: whatever did, the message has not left.
    core.log.error({ deliveryId, error: messageOf(error) }, "a delivery could not be made");
    return { ok: false, kind: "retry", reason: "Muster could not put this together; it tries again." };
  });
  if (!outcome.ok && outcome.kind === "retry" && outcome.retryAfterMs !== undefined) {
    pauses.set(found.channel, new Date(core.now().getTime() + outcome.retryAfterMs));
  }
  await recordOutcome(ctx, claim, outcome);
}

/**
 * Registers the workers of all channels; before the queue starts.
 *
 * After it has started, `recover` takes up at once what a crash cut off; without it the same happens when the cut-off
 * job's time limit has passed.
 */
export function registerDeliveryJobs(core: Core, doors: Doors): { recover(): Promise<void> } {
  const pauses: Pauses = new Map();
  const startedAt = core.now();
  for (const channel of outboundChannels) {
    const options = {
      concurrency: CONCURRENCY[channel],
      timeLimitSeconds: LEASE_MS[channel] / 1000 + 5,
      retries: JOB_RETRIES,
    };
    core.queue.work(jobOf(channel), options, (data) => deliver(core, doors, pauses, String(data.deliveryId)));
  }
  core.queue.work(FAN_OUT_JOB, { retries: JOB_RETRIES }, (data) => {
    const { incidentId = null, maintenanceId = null, after } = data as Record<string, string | undefined>;
    return fanOut(core, { ...subjectOf({ incidentId, maintenanceId }), after });
  });
  return { recover: () => recoverDeliveries(core, startedAt) };
}

/**
 * Takes up what an earlier process left: deliveries that it claimed before `startedAt`, and those that still wait.
 * Safe to repeat, and while this process's own workers run. For one node: it would take another's from its hands.
 */
export async function recoverDeliveries(core: Core, startedAt: Date): Promise<void> {
  await core.db.transaction(async (tx) => {
    for (const channel of outboundChannels) {
      const leaseEndMax = new Date(startedAt.getTime() + LEASE_MS[channel]);
      const cutOff = await tx
        .update(deliveries)
        .set({ nextAttemptAt: core.now() })
        .where(
          and(
            eq(deliveries.state, "sending"),
            eq(deliveries.channel, channel),
            lte(deliveries.nextAttemptAt, leaseEndMax),
          ),
        )
        .returning({ id: deliveries.id, channel: deliveries.channel });
      for (const row of cutOff) await enqueueDelivery(tx, core, row);
    }
    // Cut off between the queue's start of a job and the claim: the row still waits, its job counts as running.
    await enqueueWaiting(tx, core);
  });
}
