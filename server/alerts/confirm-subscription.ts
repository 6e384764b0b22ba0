import { and, eq, isNull } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { intakes, integrations } from "#/db/schema/index.ts";
import type { Core } from "#/server/events/index.ts";
import { messageOf } from "#/server/platform/errors.ts";
import { parseDelivery } from "./delivery.ts";
import { requireTopic } from "./signatures/prove-delivery.ts";
import { amazon, checkSnsSignature, confirmSubscription, type SnsDoor, snsMessageOf } from "./signatures/sns.ts";

export const CONFIRM_SUBSCRIPTION_JOB = "alerts.confirm-subscription";

/** Keeps the first topic that was proven. Part of the caller's transaction. */
export async function rememberTopic(tx: Sql, integrationId: string, topic: string): Promise<void> {
  await tx
    .update(integrations)
    .set({ snsTopic: topic })
    .where(and(eq(integrations.id, integrationId), isNull(integrations.snsTopic)));
}

/**
 * Confirms the SNS subscription that a stored delivery asks for, after its signature, the host of its certificate and
 * its topic were checked. Safe to repeat: Amazon takes a second confirmation as the first.
 *
 * @throws AppError "unauthenticated" | "unavailable" | "invalid"
 */
export async function confirmStoredSubscription(core: Core, deliveryId: string, door: SnsDoor): Promise<void> {
  const [found] = await core.db.read
    .select({ intake: intakes, integration: integrations })
    .from(intakes)
    .innerJoin(integrations, eq(integrations.id, intakes.integrationId))
    .where(eq(intakes.id, deliveryId));
  const message = found && snsMessageOf(parseDelivery(found.intake).body);
  if (message?.Type !== "SubscriptionConfirmation" || !found) return;
  requireTopic(found.integration, message);
  // Its age counts from when it was received: the job may run later.
  await checkSnsSignature(door, message, found.intake.receivedAt);
  await confirmSubscription(door, message);
  await core.db.transaction((tx) => rememberTopic(tx, found.integration.id, message.TopicArn));
}

/** The worker of confirmations; Amazon keeps the question open for three days. */
export function registerSubscriptionJobs(core: Core, door: SnsDoor = amazon): void {
  core.queue.work(CONFIRM_SUBSCRIPTION_JOB, { retries: 8, timeLimitSeconds: 30 }, async (data, run) => {
    const deliveryId = String(data.deliveryId);
    try {
      await confirmStoredSubscription(core, deliveryId, door);
    } catch (error) {
      if (run.isLastTry) {
        const reason = `The subscription was not confirmed: ${messageOf(error)}`.slice(0, 500);
        await core.db.read.update(intakes).set({ state: "failed", error: reason }).where(eq(intakes.id, deliveryId));
      }
      throw error;
    }
  });
}
