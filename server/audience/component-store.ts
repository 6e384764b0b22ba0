import { asc, eq, inArray, isNull, or, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { components, publicIncidents } from "#/db/schema/index.ts";
import type { Ctx } from "#/server/events/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import type { ComponentView } from "./contract.ts";
import { worstState } from "./rules.ts";

export type ComponentRow = typeof components.$inferSelect;
/** The job that builds the status page again. */
export const REBUILD_JOB = "status-page.rebuild";

/** Asks for a new status page once the caller's transaction is committed. */
export async function enqueueRebuild(tx: Sql, ctx: Pick<Ctx, "queue">): Promise<void> {
  await ctx.queue.enqueue(tx, REBUILD_JOB, {});
}

/** All components in the order of the page. */
export function selectComponents(q: Sql): Promise<ComponentRow[]> {
  return q.select().from(components).orderBy(asc(components.position), asc(components.createdAt), asc(components.id));
}

export function presentComponent(row: ComponentRow): ComponentView {
  return {
    id: row.id,
    publicId: row.publicId,
    name: row.name,
    description: row.description,
    position: row.position,
    status: row.status,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}

/**
 * The components that these ids or public ids name, locked in one order until the end of the transaction.
 * @throws AppError "invalid" naming the first that does not exist.
 */
export async function lockComponents(tx: Sql, keys: readonly string[]): Promise<Map<string, ComponentRow>> {
  if (keys.length === 0) return new Map();
  const wanted = keys.map((key) => key.toLowerCase());
  const found = await tx
    .select()
    .from(components)
    .where(or(inArray(sql`${components.id}::text`, wanted), inArray(components.publicId, wanted)))
    .orderBy(asc(components.id))
    .for("update");
  const byKey = new Map(found.flatMap((row) => [[row.id, row] as const, [row.publicId, row] as const]));
  const chosen = new Map<string, ComponentRow>();
  for (const [index, key] of wanted.entries()) {
    const row = byKey.get(key);
    if (!row) {
      throw new AppError("invalid", "There is no such component.", {
        errors: [{ pointer: `/components/${index}`, detail: "no such component" }],
      });
    }
    chosen.set(keys[index] ?? key, row);
  }
  return chosen;
}

/**
 * Sets each component to the worst of the unresolved public incidents that name it.
 *
 * Part of the caller's transaction, after its incident is written; the rows are locked first, so that two incidents
 * that touch one component at once both count. Safe to repeat.
 */
export async function refreshComponentStates(tx: Sql, ctx: Pick<Ctx, "now">, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const locked = await tx
    .select({ id: components.id, status: components.status })
    .from(components)
    .where(inArray(components.id, [...ids]))
    .orderBy(asc(components.id))
    .for("update");
  const unresolved = await tx
    .select({ components: publicIncidents.components })
    .from(publicIncidents)
    .where(isNull(publicIncidents.resolvedAt));
  for (const row of locked) {
    const status = worstState(unresolved.flatMap((incident) => incident.components[row.id] ?? []));
    if (status === row.status) continue;
    await tx.update(components).set({ status, updatedAt: ctx.now() }).where(eq(components.id, row.id));
  }
}
