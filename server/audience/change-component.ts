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

/** A component as it is now, with what stands in it. */
async function viewOf(tx: Sql, id: string): Promise<ComponentView> {
  const all = await selectComponents(tx);
  return presentComponent(requireRow(all, id), all);
}

/** Components in the order of the page, each group before what stands in it. @throws AppError "forbidden" */
export async function listComponents(q: Sql, ctx: Ctx): Promise<ComponentView[]> {
  requireAbility(ctx.actor, "components.read");
  const all = await selectComponents(q);
  return all.map((row) => presentComponent(row, all));
}

function refuseGroup(detail: string): never {
  throw new AppError("invalid", detail, { errors: [{ pointer: "/groupId", detail }] });
}

/** Where something stands: in a group, by its id or public id, or at the top. @throws AppError "invalid" */
function parentOf(all: readonly ComponentRow[], groupId: string | null | undefined, isGroup: boolean): string | null {
  if (groupId === null || groupId === undefined) return null;
  const key = groupId.toLowerCase();
  const group = all.find((row) => row.id === key || row.publicId === key);
  if (!group?.isGroup) return refuseGroup("There is no such group.");
  if (isGroup) return refuseGroup("Groups do not stand in groups.");
  return group.id;
}

function within(all: readonly ComponentRow[], parentId: string | null): ComponentRow[] {
  return all.filter((row) => row.groupId === parentId);
}

async function renumber(tx: Sql, order: readonly ComponentRow[]): Promise<void> {
  for (const [index, row] of order.entries()) {
    if (row.position === index + 1) continue;
    await tx
      .update(components)
      .set({ position: index + 1 })
      .where(eq(components.id, row.id));
  }
}

/**
 * Adds a component or a group at the end of its group or of the page, operational.
 *
 * One transaction with its audit entry and the job that builds the page again.
 * @throws AppError "forbidden" | "invalid" | "conflict" when there are too many
 */
export async function createComponent(ctx: Ctx, given: CreateComponentInput): Promise<ComponentView> {
  requireAbility(ctx.actor, "components.write");
  const { group: isGroup = false, groupId, ...input } = wellFormed(given) as CreateComponentInput;
  return ctx.db.transaction(async (tx) => {
    const existing = await lockAll(tx);
    if (existing.length >= COMPONENTS_MAX) {
      throw new AppError("conflict", `A page holds at most ${COMPONENTS_MAX} components.`);
    }
    const parentId = parentOf(existing, groupId, isGroup);
    const now = ctx.now();
    const [row] = await tx
      .insert(components)
      .values({
        ...input,
        publicId: randomBase36(PUBLIC_ID_LENGTH),
        isGroup,
        groupId: parentId,
        position: (within(existing, parentId).at(-1)?.position ?? 0) + 1,
        createdAt: now,
        updatedAt: now,
      })
      .returning();
    if (!row) throw new Error("an inserted component was not returned");
    await record(tx, ctx, "component.created", row);
    return viewOf(tx, row.id);
  });
}

/** Puts something at a place in a group or at the top; without a place it stays, or comes last where it is new. */
async function move(
  tx: Sql,
  all: readonly ComponentRow[],
  row: ComponentRow,
  to: { parentId: string | null; position: number | undefined },
): Promise<void> {
  const isMoving = to.parentId !== row.groupId;
  if (!isMoving && to.position === undefined) return;
  const order = within(all, to.parentId).filter((one) => one.id !== row.id);
  order.splice((to.position ?? order.length + 1) - 1, 0, row);
  if (isMoving) {
    await tx.update(components).set({ groupId: to.parentId }).where(eq(components.id, row.id));
    await renumber(
      tx,
      within(all, row.groupId).filter((one) => one.id !== row.id),
    );
  }
  await renumber(tx, order);
}

/**
 * Renames, describes, moves or shows a component otherwise; what is left out stays.
 *
 * One transaction with its audit entry and the job that builds the page again. Safe to repeat.
 * @throws AppError "forbidden" | "not_found" | "invalid"
 */
export async function changeComponent(ctx: Ctx, id: string, given: ChangeComponentInput): Promise<ComponentView> {
  requireAbility(ctx.actor, "components.write");
  const input = wellFormed(given) as ChangeComponentInput;
  return ctx.db.transaction(async (tx) => {
    const all = await lockAll(tx);
    const before = requireRow(all, id);
    const { position, groupId, ...values } = input;
    const parentId = groupId === undefined ? before.groupId : parentOf(all, groupId, before.isGroup);
    await move(tx, all, before, { parentId, position });
    const [row] = await tx
      .update(components)
      .set({ ...values, updatedAt: ctx.now() })
      .where(eq(components.id, id))
      .returning();
    if (!row) throw new AppError("not_found", "There is no such component.");
    await record(tx, ctx, "component.changed", row, { ...input });
    return viewOf(tx, id);
  });
}

/**
 * Takes a component off the page; past updates keep its name. What stands in a group goes where the group stood.
 *
 * One transaction with its audit entry and the job that builds the page again.
 * @throws AppError "forbidden" | "not_found"
 */
export async function removeComponent(ctx: Ctx, id: string): Promise<void> {
  requireAbility(ctx.actor, "components.write");
  await ctx.db.transaction(async (tx) => {
    const all = await lockAll(tx);
    const row = requireRow(all, id);
    await tx.update(components).set({ groupId: null }).where(eq(components.groupId, id));
    await tx.delete(components).where(eq(components.id, id));
    const left = within(all, row.groupId).flatMap((one) => (one.id === id ? within(all, id) : [one]));
    await renumber(tx, left);
    await record(tx, ctx, "component.removed", row);
  });
}
