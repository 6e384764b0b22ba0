import { afterCommit, type Sql } from "#/db/client.ts";
import { systemActor } from "#/server/access/index.ts";
import { type Core, type Ctx, ctxFor, touchRoom } from "#/server/events/index.ts";
import { messageOf } from "#/server/platform/errors.ts";

/** Somebody types ten keys a second; the room hears of a note once in this time. */
const TELL_PAUSE_MS = 1_000;

type Told = { at: number; timer: NodeJS.Timeout | null };

/** Tells a room that the text of a note changed: at once, then at most once a second while it goes on. */
export function createNoteTeller(core: Core) {
  const told = new Map<string, Told>();

  async function tellLater(incidentId: string, noteId: string): Promise<void> {
    try {
      await core.db.transaction((tx) => touchRoom(tx, ctxFor(core, systemActor), incidentId, ["timeline"], noteId));
    } catch (error) {
      core.log.warn({ incidentId, error: messageOf(error) }, "a changed note could not be told to the room");
    }
  }

  function mark(noteId: string): void {
    told.set(noteId, { at: performance.now(), timer: null });
    for (const [id, { at, timer }] of told) {
      if (!timer && performance.now() - at > TELL_PAUSE_MS) told.delete(id);
    }
  }

  /** Part of the caller's transaction. */
  return async function noteChanged(tx: Sql, ctx: Ctx, incidentId: string, noteId: string): Promise<void> {
    const last = told.get(noteId);
    const wait = last ? TELL_PAUSE_MS - (performance.now() - last.at) : 0;
    if (wait <= 0 && !last?.timer) {
      await touchRoom(tx, ctx, incidentId, ["timeline"], noteId);
      afterCommit(() => mark(noteId));
      return;
    }
    // Set after the commit: a timer set inside would believe itself in the transaction.
    afterCommit(() => {
      const current = told.get(noteId);
      if (!current || current.timer) return;
      current.timer = setTimeout(
        () => {
          mark(noteId);
          void tellLater(incidentId, noteId);
        },
        Math.max(0, wait),
      );
      current.timer.unref();
    });
  };
}
