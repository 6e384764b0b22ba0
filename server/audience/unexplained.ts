import { and, asc, eq, inArray, isNotNull, isNull } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { components, incidents, publicIncidents } from "#/db/schema/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { openStatuses } from "#/server/incidents/shared/lists.ts";
import type { ComponentRow } from "./component-store.ts";
import { isExplained } from "./rules.ts";

/** The job that reminds of a component that is red without an open incident. */
export const UNEXPLAINED_JOB = "components.unexplained";
/** When people are reminded, in minutes since then; later the banner has to do. */
export const UNEXPLAINED_REMINDERS: readonly number[] = [15, 60, 240];
const MINUTE_MS = 60_000;

/** Plans the next reminder of an unexplained component, if there is one left. In the caller's transaction. */
export async function enqueueUnexplained(
  tx: Sql,
  ctx: Pick<Ctx, "queue">,
  row: Pick<ComponentRow, "id"> & { since: Date; reminded: number },
): Promise<void> {
  const minutes = UNEXPLAINED_REMINDERS[row.reminded];
  if (minutes === undefined) return;
  const data = { componentId: row.id, since: row.since.toISOString(), reminded: row.reminded };
  await ctx.queue.enqueue(tx, UNEXPLAINED_JOB, data, { startAt: new Date(row.since.getTime() + minutes * MINUTE_MS) });
}

/**
 * Notes of each of these components since when the public sees it broken while no open incident says why, and plans
 * the reminder. Part of the transaction of whatever changed it. Safe to repeat.
 */
export async function reviewUnexplained(
  tx: Sql,
  ctx: Pick<Ctx, "queue" | "now">,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  const found = await tx
    .select()
    .from(components)
    .where(inArray(components.id, [...ids]))
    .orderBy(asc(components.id))
    .for("update");
  const said = await tx
    .select({ components: publicIncidents.components })
    .from(publicIncidents)
    .innerJoin(incidents, eq(incidents.id, publicIncidents.incidentId))
    .where(and(isNull(publicIncidents.resolvedAt), inArray(incidents.status, [...openStatuses])));
  for (const row of found) {
    const states = said.flatMap((one) => one.components[row.id] ?? []);
    const isUnexplained = !isExplained(row.status, states);
    if (isUnexplained === (row.unexplainedSince !== null)) continue;
    const since = isUnexplained ? ctx.now() : null;
    await tx
      .update(components)
      .set({ unexplainedSince: since, unexplainedReminded: 0 })
      .where(eq(components.id, row.id));
    if (since) await enqueueUnexplained(tx, ctx, { id: row.id, since, reminded: 0 });
  }
}

/** Writes down that one more reminder of a component went out. In the caller's transaction, under the row's lock. */
export async function countUnexplained(tx: Sql, ctx: Pick<Ctx, "queue">, row: ComponentRow): Promise<void> {
  const reminded = row.unexplainedReminded + 1;
  await tx.update(components).set({ unexplainedReminded: reminded }).where(eq(components.id, row.id));
  if (row.unexplainedSince) await enqueueUnexplained(tx, ctx, { id: row.id, since: row.unexplainedSince, reminded });
}

/** Every component that is red without an open incident, the longest first. */
export function selectUnexplained(q: Sql): Promise<ComponentRow[]> {
  return q
    .select()
    .from(components)
    .where(isNotNull(components.unexplainedSince))
    .orderBy(asc(components.unexplainedSince), asc(components.position), asc(components.id));
}
