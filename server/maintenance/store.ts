import { and, count, desc, eq, inArray, notInArray } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { components, maintenances, maintenanceUpdates } from "#/db/schema/index.ts";
import type { Core } from "#/server/events/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { nextDueAt } from "./rules.ts";

export type MaintenanceRow = typeof maintenances.$inferSelect;
export type MaintenanceUpdateRow = typeof maintenanceUpdates.$inferSelect;

/** The job that does what time alone asks of a maintenance. */
export const TEND_JOB = "maintenance.tend";
const ended = ["completed", "cancelled"] as const;

/** A maintenance, locked until the end of the transaction. @throws AppError "not_found" */
export async function lockMaintenance(tx: Sql, id: string): Promise<MaintenanceRow> {
  const [row] = await tx.select().from(maintenances).where(eq(maintenances.id, id)).for("update");
  if (!row) throw new AppError("not_found", "There is no such maintenance.");
  return row;
}

export async function saveMaintenance(tx: Sql, id: string, change: Partial<MaintenanceRow>): Promise<MaintenanceRow> {
  const [row] = await tx.update(maintenances).set(change).where(eq(maintenances.id, id)).returning();
  if (!row) throw new Error("a locked maintenance is gone");
  return row;
}

/** How many are planned or running. */
export async function countOpen(tx: Sql): Promise<number> {
  const [found] = await tx
    .select({ n: count() })
    .from(maintenances)
    .where(notInArray(maintenances.status, [...ended]));
  return found?.n ?? 0;
}

/** Sees to it that a maintenance is tended when something is due next. In the caller's transaction; one job too many does nothing. */
export async function watchMaintenance(tx: Sql, core: Pick<Core, "queue">, row: MaintenanceRow): Promise<void> {
  const startAt = nextDueAt(row);
  if (startAt) await core.queue.enqueue(tx, TEND_JOB, { maintenanceId: row.id }, { startAt });
}

/** Those that are planned or running. */
export function selectOpen(q: Sql): Promise<MaintenanceRow[]> {
  return q
    .select()
    .from(maintenances)
    .where(notInArray(maintenances.status, [...ended]));
}

/** The newest thing that was said, if anything was. */
export async function lastUpdate(q: Sql, maintenanceId: string): Promise<MaintenanceUpdateRow | undefined> {
  const [row] = await q
    .select()
    .from(maintenanceUpdates)
    .where(eq(maintenanceUpdates.maintenanceId, maintenanceId))
    .orderBy(desc(maintenanceUpdates.publishedAt))
    .limit(1);
  return row;
}

/** Name and state of components that are still on the page. */
export function selectStates(q: Sql, ids: readonly string[]) {
  return q
    .select({ id: components.id, name: components.name, status: components.status })
    .from(components)
    .where(and(inArray(components.id, [...ids]), eq(components.isGroup, false)))
    .orderBy(components.name);
}
