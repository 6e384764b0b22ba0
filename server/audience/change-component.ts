import { eq, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { components } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type Ctx, recordAudit } from "#/server/events/index.ts";
import { randomBase36 } from "#/server/platform/crypto.ts";
import { AppError } from "#/server/platform/errors.ts";
import { wellFormed } from "#/server/platform/well-formed.ts";
import { type ComponentRow, enqueueRebuild, presentComponent, selectComponents } from "./component-store.ts";
import type { ChangeComponentInput, ComponentView, CreateComponentInput } from "./contract.ts";
import { COMPONENTS_MAX } from "./shared/lists.ts";

/** Statuspage's own ids have this length. */
const PUBLIC_ID_LENGTH = 12;
/** "Somebody changes the components", as an advisory lock: their order has no gaps and no twins. */
const COMPONENTS_LOCK = 7_268_114;

async function record(tx: Sql, ctx: Ctx, action: string, row: ComponentRow, detail = {}): Promise<void> {
  const entry = { action, objectKind: "component", objectId: row.id, detail: { name: row.name, ...detail } };
  await recordAudit(tx, ctx, entry);
  await enqueueRebuild(tx, ctx);
}

async function lockAll(tx: Sql): Promise<ComponentRow[]> {
  await tx.execute(sql`select pg_advisory_xact_lock(${COMPONENTS_LOCK})`);
  return selectComponents(tx);
}

function requireRow(rows: readonly ComponentRow[], id: string): ComponentRow {
  const row = rows.find((one) => one.id === id);
  if (!row) throw new AppError("not_found", "There is no such component.");
  return row;
}

/** Components in the order of the page. @throws AppError "forbidden" */
export async function listComponents(q: Sql, ctx: Ctx): Promise<ComponentView[]> {
  requireAbility(ctx.actor, "components.read");
  return (await selectComponents(q)).map(presentComponent);
}

/**
 * Adds a component at the end of the page, operational.
 *
 * One transaction with its audit entry and the job that builds the page again.
 * @throws AppError "forbidden" | "conflict" when there are too many
 */
export async function createComponent(ctx: Ctx, given: CreateComponentInput): Promise<ComponentView> {
  requireAbility(ctx.actor, "components.write");
  const input = wellFormed(given) as CreateComponentInput;
  return ctx.db.transaction(async (tx) => {
    const existing = await lockAll(tx);
    if (existing.length >= COMPONENTS_MAX) {
      throw new AppError("conflict", `A page holds at most ${COMPONENTS_MAX} components.`);
    }
    const now = ctx.now();
    const [row] = await tx
      .insert(components)
      .values({
        publicId: randomBase36(PUBLIC_ID_LENGTH),
        name: input.name,
        description: input.description ?? "",
        position: (existing.at(-1)?.position ?? 0) + 1,
        createdAt: now,
        updatedAt: now,
      })
      .returning();
    if (!row) throw new Error("an inserted component was not returned");
    await record(tx, ctx, "component.created", row);
    return presentComponent(row);
  });
}

async function reorder(tx: Sql, all: readonly ComponentRow[], moved: ComponentRow, position: number): Promise<void> {
  const order = all.filter((row) => row.id !== moved.id);
  order.splice(position - 1, 0, moved);
  for (const [index, row] of order.entries()) {
    if (row.position === index + 1) continue;
    await tx
      .update(components)
      .set({ position: index + 1 })
      .where(eq(components.id, row.id));
  }
}

/**
 * Renames, describes or moves a component; what is left out stays.
 *
 * One transaction with its audit entry and the job that builds the page again. Safe to repeat.
 * @throws AppError "forbidden" | "not_found"
 */
export async function changeComponent(ctx: Ctx, id: string, given: ChangeComponentInput): Promise<ComponentView> {
  requireAbility(ctx.actor, "components.write");
  const input = wellFormed(given) as ChangeComponentInput;
  return ctx.db.transaction(async (tx) => {
    const all = await lockAll(tx);
    const before = requireRow(all, id);
    if (input.position !== undefined) await reorder(tx, all, before, input.position);
    const [row] = await tx
      .update(components)
      .set({
        name: input.name ?? before.name,
        description: input.description ?? before.description,
        updatedAt: ctx.now(),
      })
      .where(eq(components.id, id))
      .returning();
    if (!row) throw new AppError("not_found", "There is no such component.");
    await record(tx, ctx, "component.changed", row, { ...input });
    return presentComponent(row);
  });
}

/**
 * Takes a component off the page; past updates keep its name.
 *
 * One transaction with its audit entry and the job that builds the page again.
 * @throws AppError "forbidden" | "not_found"
 */
export async function removeComponent(ctx: Ctx, id: string): Promise<void> {
  requireAbility(ctx.actor, "components.write");
  await ctx.db.transaction(async (tx) => {
    const row = requireRow(await lockAll(tx), id);
    await tx.delete(components).where(eq(components.id, id));
    await record(tx, ctx, "component.removed", row);
  });
}
