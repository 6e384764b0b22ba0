import { and, eq, inArray, isNull, or } from "drizzle-orm";
import { slackChannels } from "#/db/schema/index.ts";
import type { Documents } from "#/server/documents/index.ts";
import type { Core } from "#/server/events/index.ts";
import { EVENT_JOB, handleEvent } from "./events.ts";
import { CHANNEL_JOB, registerChannelFollowing } from "./open-channel.ts";
import { createSlackPeople } from "./slack-people.ts";
import { syncChannel } from "./sync-channel.ts";

/** Calls to Slack take up to 10 s each, and one run makes a dozen. */
const CHANNEL_TIME_LIMIT_SECONDS = 180;
/** With the queue's pauses about ten minutes: Slack's own trouble is rarely longer, and then a name is all that lacks. */
const EVENT_RETRIES = 8;

/**
 * Registers what channels of incidents need: following their incidents, and the jobs that talk to Slack. Before the queue
 * starts; `recover` takes up what a restored database left undone.
 */
export function registerSlack(core: Core, documents: Documents): { recover(): Promise<void> } {
  const people = createSlackPeople(core);
  registerChannelFollowing(core);
  core.queue.work(CHANNEL_JOB, { timeLimitSeconds: CHANNEL_TIME_LIMIT_SECONDS }, (data) =>
    syncChannel(core, String(data.incidentId)),
  );
  core.queue.work(EVENT_JOB, { retries: EVENT_RETRIES }, (data, { isLastTry }) =>
    handleEvent(core, documents, people, data, isLastTry),
  );
  return {
    recover: () =>
      core.db.transaction(async (tx) => {
        const waiting = await tx
          .select({ incidentId: slackChannels.incidentId })
          .from(slackChannels)
          .where(
            or(
              inArray(slackChannels.state, ["opening"]),
              and(eq(slackChannels.state, "archived"), isNull(slackChannels.archivedAt)),
            ),
          );
        for (const { incidentId } of waiting) await core.queue.enqueue(tx, CHANNEL_JOB, { incidentId });
      }),
  };
}
