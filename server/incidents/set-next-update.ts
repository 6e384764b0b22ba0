import type { Sql } from "#/db/client.ts";
import type { Ctx } from "#/server/events/index.ts";
import { type IncidentRow, saveIncident } from "./store.ts";

/**
 * Sets when people were promised to hear again, on a locked incident inside the caller's transaction.
 * It records no event: what promised it tells of it. The same instant changes nothing.
 */
export async function setNextUpdateInTransaction(
  tx: Sql,
  ctx: Ctx,
  before: IncidentRow,
  dueAt: Date | null,
): Promise<IncidentRow> {
  if (before.nextUpdateDueAt?.getTime() === dueAt?.getTime()) return before;
  return saveIncident(tx, ctx, before, { nextUpdateDueAt: dueAt });
}
