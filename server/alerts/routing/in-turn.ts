import type { Core, Ctx } from "#/server/events/index.ts";
import { Turn } from "./turn.ts";

/** PostgreSQL's word for two transactions that wait for each other; the one that got it has changed nothing. */
const DEADLOCK = "40P01";
const TRIES = 4;

function isDeadlock(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return [error, cause].some(
    (each) => each !== null && typeof each === "object" && "code" in each && each.code === DEADLOCK,
  );
}

/**
 * Does work of the pipeline in one transaction, in its turn. People lock incidents in an order of their own: when the
 * two wait for each other the database stops one, and the work, which then left nothing behind, is done again.
 */
export async function inTurn<T>(core: Core, ctx: Ctx, work: (turn: Turn) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await core.db.transaction(async (tx) => {
        const turn = await Turn.take(tx, ctx);
        const result = await work(turn);
        await turn.finish();
        return result;
      });
    } catch (error) {
      if (tries >= TRIES || !isDeadlock(error)) throw error;
    }
  }
}
