import { asc, eq } from "drizzle-orm";
import { intakes, integrations } from "#/db/schema/index.ts";
import { type Core, ctxFor } from "#/server/events/index.ts";
import { messageOf } from "#/server/platform/errors.ts";
import { parseDelivery } from "./delivery.ts";
import { lockAlertsOf } from "./ingest-alert.ts";
import { PROCESS_DELIVERIES_JOB } from "./intake-window.ts";
import { registerHeldAlerts } from "./place-by-hand.ts";
import { readDelivery } from "./read-delivery.ts";
import { mappingOf } from "./receive-delivery.ts";
import { inTurn } from "./routing/in-turn.ts";
import { type Ingested, takeIn } from "./take-in.ts";

/** A commit for each alert would cost more than the alert; more at once would hold the embedded database too long. */
const ALERTS_PER_TRANSACTION = 10;

/**
 * Reads a stored delivery and takes in its alerts, in their order, a few in each transaction.
 * Safe to repeat: how far it came is written in the same transactions, so a second run goes on from there.
 */
export async function processDelivery(core: Core, deliveryId: string): Promise<void> {
  const [found] = await core.db.read
    .select({ intake: intakes, integration: integrations })
    .from(intakes)
    .innerJoin(integrations, eq(integrations.id, intakes.integrationId))
    .where(eq(intakes.id, deliveryId));
  if (found?.intake.state !== "stored") return;
  const { intake, integration } = found;
  const ctx = ctxFor(core, { kind: "system", name: integration.name });
  const read = readDelivery(intake.source, mappingOf(integration, intake.source), parseDelivery(intake));
  const done = [...intake.alerts];
  let isDone = false;
  while (!isDone) {
    const reports = read.reports.slice(done.length, done.length + ALERTS_PER_TRANSACTION);
    isDone = done.length + reports.length >= read.reports.length;
    const ingested = await inTurn(core, ctx, async (turn) => {
      const results: Ingested[] = [];
      await lockAlertsOf(
        turn,
        integration.id,
        reports.filter((report) => report.kind === "alert"),
      );
      for (const report of reports) results.push(await takeIn(turn, integration, intake, report));
      const progress = { alerts: [...done, ...results] };
      const end = { state: "processed" as const, processedAt: core.now(), error: null };
      await turn.tx
        .update(intakes)
        .set(isDone ? { ...progress, ...end } : progress)
        .where(eq(intakes.id, intake.id));
      return results;
    });
    done.push(...ingested);
  }
}

/** More than these are found at the next start; they are older than any sender's patience. */
const REQUEUED_MAX = 10_000;
const DELIVERIES_PER_JOB = 100;

/**
 * Enqueues again what is stored and not processed, after the queue has started: what a restored backup brought,
 * whose jobs are not in it. A delivery whose job is still there is read once all the same.
 */
export async function requeueStoredDeliveries(core: Core): Promise<void> {
  await core.db.transaction(async (tx) => {
    const waiting = await tx
      .select({ id: intakes.id })
      .from(intakes)
      .where(eq(intakes.state, "stored"))
      .orderBy(asc(intakes.receivedAt))
      .limit(REQUEUED_MAX);
    for (let at = 0; at < waiting.length; at += DELIVERIES_PER_JOB) {
      const deliveryIds = waiting.slice(at, at + DELIVERIES_PER_JOB).map(({ id }) => id);
      await core.queue.enqueue(tx, PROCESS_DELIVERIES_JOB, { deliveryIds });
    }
  });
}

async function noteFailure(core: Core, deliveryId: string, error: unknown, isLastTry: boolean): Promise<void> {
  const reason = messageOf(error).slice(0, 500);
  const state = isLastTry ? ("failed" as const) : ("stored" as const);
  await core.db.read.update(intakes).set({ state, error: reason }).where(eq(intakes.id, deliveryId));
}

/** The worker of deliveries. One job at a time: the order of one sender's deliveries is kept. One that fails holds up no other. */
export function registerAlertJobs(core: Core): void {
  registerHeldAlerts(core);
  core.queue.work(PROCESS_DELIVERIES_JOB, { concurrency: 1, retries: 5, timeLimitSeconds: 300 }, async (data, run) => {
    const failures: unknown[] = [];
    for (const deliveryId of data.deliveryIds as string[]) {
      try {
        await processDelivery(core, deliveryId);
      } catch (error) {
        failures.push(error);
        await noteFailure(core, deliveryId, error, run.isLastTry);
      }
    }
    if (failures.length > 0) throw failures[0];
  });
}
