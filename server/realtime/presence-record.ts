import type { UserActor } from "#/server/access/index.ts";
import { type Core, ctxFor } from "#/server/events/index.ts";
import { markJoined } from "#/server/invitations/index.ts";
import { messageOf } from "#/server/platform/errors.ts";
import { recordActivity, recordPresence } from "#/server/roster/index.ts";
import { ACTIVE_WRITE_MS } from "#/server/roster/shared/lists.ts";

export type PresenceRecord = {
  /** Somebody's tabs in a room changed. */
  changed(incidentId: string, actor: UserActor): void;
  /** Somebody in a room did something. */
  active(incidentId: string, userId: string): void;
  /** From now on nothing is written: a stop of the server is nobody's leaving. */
  stop(): Promise<void>;
};

/**
 * Keeps the rows that say who is in which room, so that they survive a restart.
 * For each person in a room the writes are in order, and the last one says what is true then.
 */
export function createPresenceRecord(
  core: Core,
  isHere: (incidentId: string, userId: string) => boolean,
): PresenceRecord {
  const writing = new Map<string, Promise<void>>();
  const activeAt = new Map<string, number>();
  let isStopped = false;

  async function write(incidentId: string, actor: UserActor): Promise<void> {
    if (isStopped) return;
    const who = { incidentId, userId: actor.userId };
    const here = isHere(incidentId, actor.userId);
    const ctx = ctxFor(core, actor);
    try {
      await core.db.transaction(async (tx) => {
        await recordPresence(tx, ctx, { ...who, isHere: here });
        if (here) await markJoined(tx, ctx, who);
      });
    } catch (error) {
      core.log.warn({ incidentId, error: messageOf(error) }, "who is in a room could not be written down");
    }
  }

  return {
    changed(incidentId, actor) {
      const key = `${incidentId} ${actor.userId}`;
      const next = (writing.get(key) ?? Promise.resolve()).then(() => write(incidentId, actor));
      writing.set(key, next);
      void next.then(() => {
        if (writing.get(key) === next) writing.delete(key);
        if (!isHere(incidentId, actor.userId)) activeAt.delete(key);
      });
    },
    active(incidentId, userId) {
      const key = `${incidentId} ${userId}`;
      const now = performance.now();
      if (isStopped || now - (activeAt.get(key) ?? Number.NEGATIVE_INFINITY) < ACTIVE_WRITE_MS) return;
      activeAt.set(key, now);
      recordActivity(core, { incidentId, userId }).catch((error: unknown) => {
        core.log.warn({ incidentId, error: messageOf(error) }, "somebody's activity could not be written down");
      });
    },
    async stop() {
      isStopped = true;
      await Promise.all(writing.values());
    },
  };
}
