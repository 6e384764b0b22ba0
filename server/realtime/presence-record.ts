import type { UserActor } from "#/server/access/index.ts";
import { type Core, ctxFor } from "#/server/events/index.ts";
import { markJoined } from "#/server/invitations/index.ts";
import { messageOf } from "#/server/platform/errors.ts";
import { recordPresence } from "#/server/roster/index.ts";
import { recordSeen } from "#/server/triage/index.ts";

export type PresenceRecord = {
  /** Somebody's tabs in a room changed, or whether they are at one of them. */
  changed(incidentId: string, actor: UserActor): void;
  /** From now on nothing is written: a stop of the server is nobody's leaving. */
  stop(): Promise<void>;
};

/**
 * Keeps the rows that say who is in which room, so that they survive a restart.
 * For each person in a room the writes are in order, and the last one says what is true then.
 */
export function createPresenceRecord(
  core: Core,
  tabsOf: (incidentId: string, userId: string) => readonly { isIdle: boolean }[],
): PresenceRecord {
  const writing = new Map<string, Promise<void>>();
  let isStopped = false;

  async function write(incidentId: string, actor: UserActor): Promise<void> {
    if (isStopped) return;
    const who = { incidentId, userId: actor.userId };
    const tabs = tabsOf(incidentId, actor.userId);
    const isHere = tabs.length > 0;
    const ctx = ctxFor(core, actor);
    try {
      await core.db.transaction(async (tx) => {
        await recordPresence(tx, ctx, { ...who, isHere, isIdle: tabs.every((tab) => tab.isIdle) });
        if (isHere) await markJoined(tx, ctx, who);
        if (isHere) await recordSeen(tx, ctx, who);
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
      });
    },
    async stop() {
      isStopped = true;
      await Promise.all(writing.values());
    },
  };
}
