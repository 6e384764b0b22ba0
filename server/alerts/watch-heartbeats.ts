import { and, asc, eq, isNull, lte } from "drizzle-orm";
import { heartbeats, integrations } from "#/db/schema/index.ts";
import type { Core } from "#/server/events/index.ts";
import { messageOf } from "#/server/platform/errors.ts";
import { reportMissing } from "./heartbeats.ts";

/** Intervals are minutes: nobody waits longer than this for what is late. */
const LOOK_EVERY_MS = 5_000;
const AT_ONCE_MAX = 100;

/** Raises an alert for each heartbeat that is late. Safe to repeat, also by several processes at once. */
export async function raiseMissing(core: Core): Promise<number> {
  const late = await core.db.read
    .select({ heartbeat: heartbeats, integration: integrations })
    .from(heartbeats)
    .innerJoin(integrations, eq(integrations.id, heartbeats.integrationId))
    .where(
      and(
        lte(heartbeats.dueAt, core.now()),
        eq(heartbeats.enabled, true),
        eq(integrations.enabled, true),
        isNull(integrations.deletedAt),
      ),
    )
    .orderBy(asc(heartbeats.dueAt))
    .limit(AT_ONCE_MAX);
  for (const { heartbeat, integration } of late) await reportMissing(core, integration, heartbeat);
  return late.length;
}

/** Looks for late heartbeats again and again until it is stopped. */
export function watchHeartbeats(core: Core): { stop(): Promise<void> } {
  let running: Promise<unknown> | null = null;
  const timer = setInterval(() => {
    running ??= raiseMissing(core)
      .catch((error: unknown) => core.log.error({ error: messageOf(error) }, "heartbeats could not be looked at"))
      .finally(() => {
        running = null;
      });
  }, LOOK_EVERY_MS).unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
