import { and, asc, desc, eq, inArray, lt, sql } from "drizzle-orm";
import { changes, incidentServices, incidents } from "#/db/schema/index.ts";
import { systemActor } from "#/server/access/index.ts";
import { type Core, ctxFor, touchRoom } from "#/server/events/index.ts";
import { openStatuses } from "#/server/incidents/shared/lists.ts";
import { CHANGES_KEPT_DAYS, CHANGES_KEPT_MAX } from "./shared/lists.ts";

export const TELL_ROOMS_JOB = "changes.tell-rooms";
export const PRUNE_CHANGES_JOB = "changes.prune";

/** More open incidents of one neighbourhood are one incident that nobody merged yet. */
const ROOMS_TOLD_MAX = 100;
/** Deleted at once, so that others get their turn. */
const PRUNED_AT_ONCE = 1_000;

/** Tells the open rooms that list a change to read their changes again. Each in a transaction of its own: no room waits for another. */
export async function tellRooms(core: Core, changeId: string): Promise<void> {
  const [change] = await core.db.read
    .select({ serviceId: changes.serviceId })
    .from(changes)
    .where(eq(changes.id, changeId));
  if (!change?.serviceId) return;
  const ctx = ctxFor(core, systemActor);
  const found = await core.db.read
    .selectDistinct({ id: incidents.id, declaredAt: incidents.declaredAt })
    .from(incidents)
    .innerJoin(incidentServices, eq(incidentServices.incidentId, incidents.id))
    .where(
      and(
        inArray(incidents.status, [...openStatuses]),
        sql`${incidentServices.serviceId} in (
          select ${change.serviceId}::uuid
          union select service_id from service_dependencies where depends_on_id = ${change.serviceId}::uuid
          union select depends_on_id from service_dependencies where service_id = ${change.serviceId}::uuid)`,
      ),
    )
    .orderBy(desc(incidents.declaredAt))
    .limit(ROOMS_TOLD_MAX);
  for (const { id } of found) await core.db.transaction((tx) => touchRoom(tx, ctx, id, ["changes"]));
}

/** Deletes what is older than it is kept, and the oldest beyond the most that are kept. Safe to repeat. */
export async function pruneChanges(core: Core, keptMax = CHANGES_KEPT_MAX): Promise<void> {
  const [beyond] = await core.db.read
    .select({ at: changes.at })
    .from(changes)
    .orderBy(desc(changes.at))
    .offset(keptMax - 1)
    .limit(1);
  const oldest = new Date(core.now().getTime() - CHANGES_KEPT_DAYS * 24 * 60 * 60_000);
  const before = beyond && beyond.at > oldest ? beyond.at : oldest;
  for (let gone = PRUNED_AT_ONCE; gone === PRUNED_AT_ONCE; ) {
    const old = core.db.read
      .select({ id: changes.id })
      .from(changes)
      .where(lt(changes.at, before))
      .orderBy(asc(changes.at))
      .limit(PRUNED_AT_ONCE);
    gone = (await core.db.read.delete(changes).where(inArray(changes.id, old)).returning({ id: changes.id })).length;
  }
}

/** The workers of changes. */
export function registerChangeJobs(core: Core): void {
  core.queue.work(TELL_ROOMS_JOB, { concurrency: 1, retries: 2 }, (data) => tellRooms(core, String(data.changeId)));
  core.queue.work(PRUNE_CHANGES_JOB, { concurrency: 1, retries: 2 }, () => pruneChanges(core));
}
