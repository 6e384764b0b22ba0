import { eq, lt } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { slackRequests } from "#/db/schema/index.ts";
import type { Core } from "#/server/events/index.ts";
import { isSignedBySlack } from "#/server/notify/index.ts";
import { sha256 } from "#/server/platform/crypto.ts";
import { AppError } from "#/server/platform/errors.ts";
import type { SlackSettings } from "#/server/settings/contract.ts";
import { readSettings } from "#/server/settings/index.ts";

/** A request as it came: Slack signs the bytes, not what they mean. */
export type SignedRequest = { timestamp: string | undefined; signature: string | undefined; body: string };

/** Slack repeats within minutes, and what was signed longer ago is refused anyway. */
const REMEMBERED_MS = 2 * 3_600_000;
/** A process that stopped while it did something did not finish it: the repetition does. */
const GIVEN_UP_AFTER_MS = 30_000;

/** The settings of Slack, once it is clear that Slack sent this. @throws AppError "unauthenticated" */
export async function requireSlack(core: Core, request: SignedRequest): Promise<SlackSettings> {
  const { slack } = await readSettings(core.db.read, core);
  if (!slack?.signingSecret) {
    throw new AppError(
      "unauthenticated",
      "Slack's signing secret is not set: an administrator can do that under Settings → Channels.",
    );
  }
  if (!isSignedBySlack(slack.signingSecret, request, core.now())) {
    throw new AppError("unauthenticated", "This is not signed by Slack, or older than five minutes.");
  }
  return slack;
}

/** The name of a request by its bytes: Slack repeats them as they were. Pure. */
export function requestIdOf({ body }: SignedRequest): string {
  return `body:${sha256(body)}`;
}

/**
 * Takes a request; false when it was taken before. In the caller's transaction: `isDone` when all of it is done there.
 */
export async function takeRequest(
  tx: Sql,
  core: Pick<Core, "now">,
  id: string,
  { isDone }: { isDone: boolean },
): Promise<boolean> {
  const now = core.now();
  await tx.delete(slackRequests).where(lt(slackRequests.receivedAt, new Date(now.getTime() - REMEMBERED_MS)));
  const taken = await tx
    .insert(slackRequests)
    .values({ id, receivedAt: now, doneAt: isDone ? now : null })
    .onConflictDoNothing()
    .returning({ id: slackRequests.id });
  if (taken.length > 0) return true;
  const [known] = await tx.select().from(slackRequests).where(eq(slackRequests.id, id)).for("update");
  const isGivenUp = known && !known.doneAt && now.getTime() - known.receivedAt.getTime() > GIVEN_UP_AFTER_MS;
  if (!isGivenUp) return false;
  await tx.update(slackRequests).set({ receivedAt: now }).where(eq(slackRequests.id, id));
  return true;
}

/**
 * Does the work of a request once, however often Slack repeats it: the repetition gets the first answer, or null while
 * the first one is still at it. What failed is forgotten, so that the repetition tries again.
 */
export async function doOnce<T>(core: Core, id: string, work: () => Promise<T>): Promise<T | null> {
  const isFirst = await core.db.transaction((tx) => takeRequest(tx, core, id, { isDone: false }));
  const isThis = eq(slackRequests.id, id);
  if (!isFirst) {
    const [known] = await core.db.read.select().from(slackRequests).where(isThis);
    return (known?.answer ?? null) as T | null;
  }
  try {
    const answer = await work();
    await core.db.read.update(slackRequests).set({ doneAt: core.now(), answer }).where(isThis);
    return answer;
  } catch (error) {
    await core.db.read.delete(slackRequests).where(isThis);
    throw error;
  }
}
