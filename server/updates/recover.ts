import { and, eq, isNotNull, lt, lte, sql } from "drizzle-orm";
import { deliveries } from "#/db/schema/index.ts";
import { systemActor } from "#/server/access/index.ts";
import { type Core, ctxFor, touchRoom } from "#/server/events/index.ts";
import { CUT_OFF, inDoubt, LEASE_MS } from "./claim-deliveries.ts";
import { enqueueDelivery, enqueueWaiting, saveDelivery } from "./delivery-store.ts";
import type { Pauses } from "./pauses.ts";
import { outboundChannels } from "./shared/lists.ts";

/** What should have gone so long ago and did not has lost its job. */
const LEFT_LYING_MS = 5 * 60_000;

/** What other sides asked for before the start is kept after it. */
async function rememberPauses(core: Core, pauses: Pauses): Promise<void> {
  const asked = await core.db.read
    .select({
      channel: deliveries.channel,
      destination: deliveries.destination,
      destinationId: deliveries.destinationId,
      until: deliveries.nextAttemptAt,
    })
    .from(deliveries)
    .where(
      and(eq(deliveries.state, "retrying"), isNotNull(deliveries.nextAttemptAt), sql`${deliveries.payload} ? 'asked'`),
    );
  for (const { until, ...way } of asked) if (until) pauses.hold(way, until);
}

/**
 * Takes up what an earlier process left: deliveries that it claimed before `startedAt`, of which nobody knows whether
 * they arrived, and those that still wait. One transaction.
 * Safe to repeat, and while this process's own workers run. For one node: it would take another's from its hands.
 */
export async function recoverDeliveries(core: Core, startedAt: Date, pauses: Pauses): Promise<void> {
  await rememberPauses(core, pauses);
  const ctx = ctxFor(core, systemActor);
  await core.db.transaction(async (tx) => {
    const rooms = new Set<string>();
    for (const channel of outboundChannels) {
      const leaseEndMax = new Date(startedAt.getTime() + LEASE_MS[channel]);
      const cutOff = await tx
        .select()
        .from(deliveries)
        .where(
          and(
            eq(deliveries.state, "sending"),
            eq(deliveries.channel, channel),
            lte(deliveries.nextAttemptAt, leaseEndMax),
          ),
        )
        .for("update");
      for (const row of cutOff) {
        await saveDelivery(tx, row.id, inDoubt(row, CUT_OFF, core.now()));
        if (row.incidentId) rooms.add(row.incidentId);
      }
    }
    for (const incidentId of rooms) await touchRoom(tx, ctx, incidentId, ["updates"]);
    // Cut off between the queue's start of a job and the claim: the row still waits, its job counts as running.
    await enqueueWaiting(tx, core, core.now());
  });
}

/** Gives a job to what should have gone minutes ago and did not: its own was lost. Safe to repeat. */
export async function takeUpLeftLying(core: Core): Promise<void> {
  const before = new Date(core.now().getTime() - LEFT_LYING_MS);
  await core.db.transaction(async (tx) => {
    const cutOff = await tx
      .select({ id: deliveries.id, channel: deliveries.channel })
      .from(deliveries)
      .where(and(eq(deliveries.state, "sending"), lt(deliveries.nextAttemptAt, before)));
    for (const row of cutOff) await enqueueDelivery(tx, core, row);
    await enqueueWaiting(tx, core, before);
  });
}
