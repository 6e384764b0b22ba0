import { randomUUID } from "node:crypto";
import { asc, eq, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { updateTemplates } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type Ctx, recordAudit } from "#/server/events/index.ts";
import { AppError } from "#/server/platform/errors.ts";
import { wellFormed } from "#/server/platform/well-formed.ts";
import { TEMPLATES_MAX } from "../shared/lists.ts";
import { shippedTemplates } from "../shared/templates.ts";
import type { ChangeTemplateInput, CreateTemplateInput, TemplateView } from "./contract.ts";

type TemplateRow = typeof updateTemplates.$inferSelect;

/** "Somebody changes the templates", as an advisory lock: the shipped ones become rows once. */
const TEMPLATES_LOCK = 7_268_131;

function present(row: TemplateRow, isShipped = false): TemplateView {
  const { createdAt: _, updatedAt: __, ...view } = row;
  return { ...view, isShipped };
}

function shippedRows(at: Date): TemplateRow[] {
  return shippedTemplates.map((template, index) => ({
    ...template,
    severities: [...template.severities],
    statuses: [...template.statuses],
    position: index + 1,
    createdAt: at,
    updatedAt: at,
  }));
}

function selectTemplates(q: Sql): Promise<TemplateRow[]> {
  return q.select().from(updateTemplates).orderBy(asc(updateTemplates.position), asc(updateTemplates.id));
}

/** The templates in their order; the shipped ones while there is no other. @throws AppError "forbidden" */
export async function listTemplates(ctx: Ctx): Promise<TemplateView[]> {
  requireAbility(ctx.actor, "updatetemplates.read");
  const rows = await selectTemplates(ctx.db.read);
  if (rows.length > 0) return rows.map((row) => present(row));
  return shippedRows(ctx.now()).map((row) => present(row, true));
}

/** All templates as rows, under the lock; from the first change on the shipped ones are rows like any other. */
async function lockAll(tx: Sql, ctx: Ctx): Promise<TemplateRow[]> {
  await tx.execute(sql`select pg_advisory_xact_lock(${TEMPLATES_LOCK})`);
  const rows = await selectTemplates(tx);
  if (rows.length > 0) return rows;
  return tx.insert(updateTemplates).values(shippedRows(ctx.now())).returning();
}

async function record(tx: Sql, ctx: Ctx, action: string, row: TemplateRow, detail = {}): Promise<void> {
  const entry = { objectKind: "template", objectId: row.id, detail: { name: row.name, ...detail } };
  await recordAudit(tx, ctx, { action: `update_template.${action}`, ...entry });
}

function requireRow(rows: readonly TemplateRow[], id: string): TemplateRow {
  const row = rows.find((one) => one.id === id);
  if (!row) throw new AppError("not_found", "There is no such template.");
  return row;
}

/**
 * Adds a template at the end of the list. One transaction with its audit entry.
 * @throws AppError "forbidden" | "conflict" when there are too many
 */
export async function createTemplate(ctx: Ctx, given: CreateTemplateInput): Promise<TemplateView> {
  requireAbility(ctx.actor, "updatetemplates.write");
  const input = wellFormed(given) as CreateTemplateInput;
  return ctx.db.transaction(async (tx) => {
    const existing = await lockAll(tx, ctx);
    if (existing.length >= TEMPLATES_MAX) {
      throw new AppError("conflict", `There are at most ${TEMPLATES_MAX} templates: delete one that nobody uses.`);
    }
    const now = ctx.now();
    const position = (existing.at(-1)?.position ?? 0) + 1;
    const [row] = await tx
      .insert(updateTemplates)
      .values({
        id: randomUUID(),
        name: input.name,
        body: input.body,
        severities: input.severities ?? [],
        statuses: input.statuses ?? [],
        isHolding: input.isHolding ?? false,
        position,
        createdAt: now,
        updatedAt: now,
      })
      .returning();
    if (!row) throw new Error("an inserted template was not returned");
    await record(tx, ctx, "created", row);
    return present(row);
  });
}

async function reorder(tx: Sql, all: readonly TemplateRow[], moved: TemplateRow, position: number): Promise<void> {
  const order = all.filter((row) => row.id !== moved.id);
  order.splice(position - 1, 0, moved);
  for (const [index, row] of order.entries()) {
    if (row.position === index + 1) continue;
    await tx
      .update(updateTemplates)
      .set({ position: index + 1 })
      .where(eq(updateTemplates.id, row.id));
  }
}

/**
 * Changes or moves a template; what is left out stays. One transaction with its audit entry. Safe to repeat.
 * @throws AppError "forbidden" | "not_found"
 */
export async function changeTemplate(ctx: Ctx, id: string, given: ChangeTemplateInput): Promise<TemplateView> {
  requireAbility(ctx.actor, "updatetemplates.write");
  const { position, ...change } = wellFormed(given) as ChangeTemplateInput;
  return ctx.db.transaction(async (tx) => {
    const all = await lockAll(tx, ctx);
    const before = requireRow(all, id);
    if (position !== undefined) await reorder(tx, all, before, position);
    const [row] = await tx
      .update(updateTemplates)
      .set({ ...change, updatedAt: ctx.now() })
      .where(eq(updateTemplates.id, id))
      .returning();
    if (!row) throw new AppError("not_found", "There is no such template.");
    await record(tx, ctx, "changed", row, change);
    return present(row);
  });
}

/**
 * Deletes a template; after the last one the shipped ones are there again. One transaction with its audit entry.
 * @throws AppError "forbidden" | "not_found"
 */
export async function removeTemplate(ctx: Ctx, id: string): Promise<void> {
  requireAbility(ctx.actor, "updatetemplates.write");
  await ctx.db.transaction(async (tx) => {
    const row = requireRow(await lockAll(tx, ctx), id);
    await tx.delete(updateTemplates).where(eq(updateTemplates.id, id));
    await record(tx, ctx, "removed", row);
  });
}
