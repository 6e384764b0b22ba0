import { asc, eq, inArray, isNull, or, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { componentStates, components, maintenances, publicIncidents } from "#/db/schema/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { randomBase36 } from "#/server/platform/crypto.ts";
import { AppError } from "#/server/platform/errors.ts";
import type { ComponentView } from "./contract.ts";
import { inPageOrder, worstState } from "./rules.ts";
import type { ComponentStatus } from "./shared/lists.ts";

export type ComponentRow = typeof components.$inferSelect;
/** The job that builds the status page again. */
export const REBUILD_JOB = "status-page.rebuild";

/** The job that tells webhooks of another state of a component. */
export const COMPONENT_CHANGED_JOB = "status-page.component";
/** What its job is given; `at` is RFC 3339. */
export type ComponentChanged = {
  updateId: string;
  componentId: string;
  from: ComponentStatus;
  to: ComponentStatus;
  at: string;
};
/** As long as Statuspage's own ids. */
const UPDATE_ID_LENGTH = 12;

/** Asks for a new status page once the caller's transaction is committed. */
export async function enqueueRebuild(tx: Sql, ctx: Pick<Ctx, "queue">): Promise<void> {
  await ctx.queue.enqueue(tx, REBUILD_JOB, {});
}

/** All components in the order of the page, each group before what stands in it. */
export async function selectComponents(q: Sql): Promise<ComponentRow[]> {
  const found = await q
    .select()
    .from(components)
    .orderBy(asc(components.position), asc(components.createdAt), asc(components.id));
  return inPageOrder(found).map((row) => (row.isGroup ? { ...row, status: groupState(row.id, found) } : row));
}

function groupState(groupId: string, all: readonly ComponentRow[]): ComponentStatus {
  return worstState(all.filter((row) => row.groupId === groupId).map((row) => row.status));
}

/** A component as the API shows it; `all` are those of the page, for what stands in a group. Pure. */
export function presentComponent(row: ComponentRow, all: readonly ComponentRow[]): ComponentView {
  return {
    id: row.id,
    publicId: row.publicId,
    name: row.name,
    description: row.description,
    group: row.isGroup,
    components: all.filter((one) => one.groupId === row.id).map((one) => one.id),
    groupId: row.groupId,
    position: row.position,
    showcase: row.showcase,
    onlyShowIfDegraded: row.onlyShowIfDegraded,
    startOn: row.startOn,
    status: row.status,
    unexplainedSince: row.unexplainedSince?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/**
 * Locks components and groups by ids or public ids until the end of the transaction, in one order. Whoever touches
 * several of them, at once or one after the other, locks all of them here first, and a mute only afterwards: nobody
 * then waits for somebody who waits for them. Those that are gone are left out.
 */
export async function lockTogether(tx: Sql, keys: readonly string[]): Promise<ComponentRow[]> {
  if (keys.length === 0) return [];
  const wanted = keys.map((key) => key.toLowerCase());
  return tx
    .select()
    .from(components)
    .where(or(inArray(sql`${components.id}::text`, wanted), inArray(components.publicId, wanted)))
    .orderBy(asc(components.id))
    .for("update");
}

/**
 * The components that these ids or public ids name, locked in one order until the end of the transaction, together with
 * others that the caller touches besides.
 * @throws AppError "invalid" naming the first that does not exist or is a group.
 */
export async function lockComponents(
  tx: Sql,
  keys: readonly string[],
  besides: readonly string[] = [],
): Promise<Map<string, ComponentRow>> {
  const wanted = keys.map((key) => key.toLowerCase());
  const found = await lockTogether(tx, [...keys, ...besides]);
  const byKey = new Map(found.flatMap((row) => [[row.id, row] as const, [row.publicId, row] as const]));
  const chosen = new Map<string, ComponentRow>();
  for (const [index, key] of wanted.entries()) {
    const row = byKey.get(key);
    if (!row || row.isGroup) {
      const detail = row ? "A group has no state of its own: name its components." : "There is no such component.";
      throw new AppError("invalid", detail, { errors: [{ pointer: `/components/${index}`, detail }] });
    }
    chosen.set(keys[index] ?? key, row);
  }
  return chosen;
}

/**
 * Sets each component to the worst of the unresolved public incidents and running maintenance that name it, and of
 * how the last resolved incident left it, keeps when that was, and has it told.
 *
 * Part of the caller's transaction, after its incident or maintenance is written; the rows are locked first, so that two incidents
 * that touch one component at once both count. Safe to repeat.
 */
export async function refreshComponentStates(
  tx: Sql,
  ctx: Pick<Ctx, "now" | "queue">,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  const locked = await tx
    .select({ id: components.id, status: components.status, left: components.leftStatus })
    .from(components)
    .where(inArray(components.id, [...ids]))
    .orderBy(asc(components.id))
    .for("update");
  const unresolved = await tx
    .select({ components: publicIncidents.components })
    .from(publicIncidents)
    .where(isNull(publicIncidents.resolvedAt));
  const running = await tx
    .select({ ids: maintenances.componentIds })
    .from(maintenances)
    .where(inArray(maintenances.status, ["in_progress", "verifying"]));
  for (const row of locked) {
    const ofIncidents = unresolved.flatMap((incident) => incident.components[row.id] ?? []);
    const isWorkedOn = running.some(({ ids }) => ids.includes(row.id));
    const status = worstState([row.left, ...ofIncidents, ...(isWorkedOn ? (["under_maintenance"] as const) : [])]);
    if (status === row.status) continue;
    const since = ctx.now();
    await tx.update(components).set({ status, updatedAt: since }).where(eq(components.id, row.id));
    await tx
      .insert(componentStates)
      .values({ componentId: row.id, since, status })
      .onConflictDoUpdate({ target: [componentStates.componentId, componentStates.since], set: { status } });
    const updateId = randomBase36(UPDATE_ID_LENGTH);
    const changed = { updateId, componentId: row.id, from: row.status, to: status, at: since.toISOString() };
    await ctx.queue.enqueue(tx, COMPONENT_CHANGED_JOB, changed satisfies ComponentChanged);
  }
}

/**
 * Keeps how a resolved incident left components, which stays until they are mended. In the caller's transaction,
 * before `refreshComponentStates`.
 */
export async function leaveComponents(
  tx: Sql,
  left: readonly { id: string; newStatus: ComponentStatus }[],
): Promise<void> {
  for (const { id, newStatus } of left) {
    await tx.update(components).set({ leftStatus: newStatus }).where(eq(components.id, id));
  }
}
