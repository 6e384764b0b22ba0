import type { Sql } from "#/db/client.ts";
import type { Core } from "#/server/events/index.ts";

/** The job of those who tell others what was decided; its data: `{entryId}`. */
export const DECISION_JOB = "timeline.decided";
/** Whoever marks a note often goes on writing it: what is told is the text as it is then. */
const DECISION_PAUSE_MS = 3_000;

/** Has a note that was marked as a decision told, in the caller's transaction. */
export async function enqueueDecision(tx: Sql, core: Pick<Core, "queue" | "now">, entryId: string): Promise<void> {
  const startAt = new Date(core.now().getTime() + DECISION_PAUSE_MS);
  await core.queue.enqueue(tx, DECISION_JOB, { entryId }, { startAt });
}
