import { asc, desc, inArray, notInArray } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { maintenances, maintenanceUpdates } from "#/db/schema/index.ts";
import type { PageMaintenance, PageMaintenanceUpdate } from "./model.ts";

/** Ended ones with a page of their own; about two years of one a week. */
export const MAINTENANCES_KEPT_MAX = 100;

type Row = typeof maintenances.$inferSelect;
type UpdateRow = typeof maintenanceUpdates.$inferSelect;
const ended = ["completed", "cancelled"] as const;

/** All that are planned or running, soonest first, then those that ended last. */
async function selectShown(tx: Sql): Promise<Row[]> {
  const open = await tx
    .select()
    .from(maintenances)
    .where(notInArray(maintenances.status, [...ended]))
    .orderBy(asc(maintenances.fromAt), asc(maintenances.id));
  const past = await tx
    .select()
    .from(maintenances)
    .where(inArray(maintenances.status, [...ended]))
    .orderBy(desc(maintenances.endedAt), desc(maintenances.id))
    .limit(MAINTENANCES_KEPT_MAX);
  return [...open, ...past];
}

function updateOf(row: UpdateRow, publicIds: ReadonlyMap<string, string>): PageMaintenanceUpdate {
  return {
    id: row.publicId,
    status: row.status,
    body: row.body,
    publishedAt: row.publishedAt,
    correctedAt: row.correctedAt,
    isNotified: row.isNotified,
    components: row.components.flatMap(({ id, ...change }) => {
      const publicId = publicIds.get(id);
      return publicId ? [{ ...change, id: publicId }] : [];
    }),
  };
}

function later(a: Date, b: Date): Date {
  return a > b ? a : b;
}

/** What the public may know of maintenance: it is published from the first moment. `publicIds`: of the components by their own. */
export async function readMaintenances(tx: Sql, publicIds: ReadonlyMap<string, string>): Promise<PageMaintenance[]> {
  const found = await selectShown(tx);
  if (found.length === 0) return [];
  const ids = found.map((row) => row.id);
  const said = await tx
    .select()
    .from(maintenanceUpdates)
    .where(inArray(maintenanceUpdates.maintenanceId, ids))
    .orderBy(desc(maintenanceUpdates.publishedAt), desc(maintenanceUpdates.id));
  const updatesOf = Map.groupBy(said, (row) => row.maintenanceId);
  const changedAt = (row: Row) =>
    (updatesOf.get(row.id) ?? []).reduce((last, one) => later(last, one.correctedAt ?? one.publishedAt), row.updatedAt);
  return found.map((row) => ({
    id: row.publicId,
    title: row.title,
    status: row.status,
    scheduledFor: row.fromAt,
    scheduledUntil: row.untilAt,
    startedAt: row.startedAt,
    endedAt: row.endedAt,
    createdAt: row.createdAt,
    updatedAt: changedAt(row),
    components: row.componentIds.flatMap((id) => publicIds.get(id) ?? []),
    updates: (updatesOf.get(row.id) ?? []).map((update) => updateOf(update, publicIds)),
  }));
}
