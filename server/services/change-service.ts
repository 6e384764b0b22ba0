import { and, eq, isNull, ne, sql } from "drizzle-orm";
import type { Sql } from "#/db/client.ts";
import { services, users } from "#/db/schema/index.ts";
import { requireAbility } from "#/server/access/index.ts";
import { type Ctx, recordAudit } from "#/server/events/index.ts";
import { openTellList, readTellLines, sealTellList } from "#/server/notify/index.ts";
import type { TellTarget } from "#/server/notify/shared/tell-target.ts";
import { AppError } from "#/server/platform/errors.ts";
import { wellFormed } from "#/server/platform/well-formed.ts";
import type { ChangeServiceInput, CreateServiceInput, ServiceView } from "./contract.ts";
import { findService } from "./service-queries.ts";

const taken = new AppError("conflict", "There is a service of this name already.");

/** Leaves out what is undefined, so that it stays as it is; repeated addresses count once. */
function valuesOf(ctx: Ctx, input: ChangeServiceInput, kept: readonly TellTarget[] = []) {
  const given = wellFormed(input) as ChangeServiceInput;
  const { name, description, ownerId, tellEmails, tell, runbookUrl, runbook } = given;
  const list = tell && sealTellList(ctx.config.authSecret, readTellLines(tell, kept, "tell"));
  return {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(ownerId !== undefined && { ownerId }),
    ...(list && { tellEmails: list.emails, tellSealed: list.sealed }),
    ...(tellEmails !== undefined && { tellEmails: [...new Set(tellEmails)] }),
    ...(runbookUrl !== undefined && { runbookUrl }),
    ...(runbook !== undefined && { runbook }),
  };
}

/** What the audit log keeps of a change: of a runbook that it was written, not its text; of keys nothing. */
function detailOf({ runbook, tellSealed, ...rest }: ReturnType<typeof valuesOf>) {
  return {
    ...rest,
    ...(runbook !== undefined && { runbook: `${runbook.length} characters` }),
    ...(tellSealed !== undefined && { tell: "changed" }),
  };
}

async function requireOwner(tx: Sql, ownerId: string | null | undefined): Promise<void> {
  if (!ownerId) return;
  const found = await tx
    .select({ id: users.id })
    .from(users)
    .where(and(eq(users.id, ownerId), isNull(users.disabledAt)));
  if (found.length === 0) {
    const detail = "is nobody who is here.";
    throw new AppError("invalid", `/ownerId: ${detail}`, { errors: [{ pointer: "/ownerId", detail }] });
  }
}

async function requireFreeName(tx: Sql, name: string | undefined, exceptId: string): Promise<void> {
  if (name === undefined) return;
  const found = await tx
    .select({ id: services.id })
    .from(services)
    .where(and(sql`lower(${services.name}) = lower(${name})`, ne(services.id, exceptId)));
  if (found.length > 0) throw taken;
}

/**
 * Adds a service. One transaction with its audit entry. Not safe to repeat: the second is a conflict.
 *
 * @throws AppError "forbidden" | "conflict" when the name is taken, in any case | "invalid"
 */
export async function createService(ctx: Ctx, input: CreateServiceInput): Promise<ServiceView> {
  requireAbility(ctx.actor, "services.write");
  return ctx.db.transaction(async (tx) => {
    await requireOwner(tx, input.ownerId);
    const { name, ...rest } = valuesOf(ctx, input);
    const values = { ...rest, name: name ?? input.name, createdAt: ctx.now() };
    const [row] = await tx.insert(services).values(values).onConflictDoNothing().returning({ id: services.id });
    if (!row) throw taken;
    const entry = {
      action: "service.created",
      objectKind: "service",
      objectId: row.id,
      detail: detailOf(valuesOf(ctx, input)),
    };
    await recordAudit(tx, ctx, entry);
    return findService(tx, ctx, row.id);
  });
}

/**
 * Changes a service; what is left out stays. One transaction with its audit entry. Safe to repeat.
 *
 * @throws AppError "not_found" | "forbidden" | "conflict" when the name is taken | "invalid"
 */
export async function changeService(
  ctx: Ctx,
  command: { id: string; change: ChangeServiceInput },
): Promise<ServiceView> {
  requireAbility(ctx.actor, "services.write");
  const { id } = command;
  return ctx.db.transaction(async (tx) => {
    const [before] = await tx.select().from(services).where(eq(services.id, id)).for("update");
    if (!before) throw new AppError("not_found", "There is no such service.");
    const kept = openTellList(ctx.config.authSecret, { emails: before.tellEmails, sealed: before.tellSealed });
    const change = valuesOf(ctx, command.change, kept);
    if (Object.keys(change).length === 0) return findService(tx, ctx, id);
    await requireOwner(tx, change.ownerId);
    await requireFreeName(tx, change.name, id);
    await tx.update(services).set(change).where(eq(services.id, id));
    await recordAudit(tx, ctx, {
      action: "service.changed",
      objectKind: "service",
      objectId: id,
      detail: detailOf(change),
    });
    return findService(tx, ctx, id);
  });
}

/**
 * Takes a service away; incidents and alerts stay and name it no more. One transaction with its audit entry.
 *
 * @throws AppError "not_found" | "forbidden"
 */
export async function deleteService(ctx: Ctx, { id }: { id: string }): Promise<void> {
  requireAbility(ctx.actor, "services.write");
  await ctx.db.transaction(async (tx) => {
    const [row] = await tx.delete(services).where(eq(services.id, id)).returning({ name: services.name });
    if (!row) throw new AppError("not_found", "There is no such service.");
    const entry = { action: "service.deleted", objectKind: "service", objectId: id, detail: { name: row.name } };
    await recordAudit(tx, ctx, entry);
  });
}
